//! Which addresses are of the public internet: URLs are strangers', and must lead nowhere else.

use {
    reqwest::dns::{Addrs, Name, Resolve, Resolving},
    std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

/// Gives only addresses of the public internet for a name.
pub struct Public;

impl Resolve for Public {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found
                .filter(|address| is_public_address(address.ip()))
                .collect();
            if public.is_empty() {
                return Err("its name leads to no address of the public internet".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

pub fn is_public_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            let is_shared = first == 100 && (64..128).contains(&second);
            !(address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_unspecified()
                || address.is_broadcast()
                || address.is_multicast()
                || address.is_documentation()
                || is_shared
                || matches!(address.octets(), [192, 0, 0, _] | [198, 18 | 19, ..])
                || first == 0
                || first >= 240)
        }
        IpAddr::V6(address) => {
            if let Some(address) = inner(address) {
                return is_public_address(address.into());
            }
            let [first, second, ..] = address.segments();
            // Teredo and addresses for a network's own translation lead wherever their network says.
            if (first, second) == (0x2001, 0) || (first, second) == (0x64, 0xff9b) {
                return false;
            }
            !(address.is_loopback()
                || address.is_unspecified()
                || address.is_multicast()
                || (first & 0xfe00) == 0xfc00
                || (first & 0xff80) == 0xfe80)
        }
    }
}

/// The IPv4 address that an IPv6 address leads to, by one of the ways that networks translate.
fn inner(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [.., high, low] = address.segments();
    let last = || Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => Some(last()),
        [0x2002, high, low, ..] => Some(Ipv4Addr::from_bits(
            (u32::from(high) << 16) | u32::from(low),
        )),
        _ => address.to_ipv4_mapped(),
    }
}
