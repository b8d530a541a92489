use {
    super::Desk,
    sluice_client::{Network, NetworkParams, address},
    sluice_tests::world::{PARAMS, SetHandle},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

impl Desk {
    /// A live set of one member that takes this fee.
    fn set_with_fee(&mut self, fee_bps: u16) -> Address {
        let owner = self.world.key().pubkey();
        let mut attesters = [self.world.attester()];
        let args = self.world.set_args(&mut attesters, 1, fee_bps, &owner);
        let network = self.world.network;
        let [attester] = attesters;
        let set = SetHandle {
            address: self.world.set_of(&network, args),
            args,
            attesters: vec![],
            fee_owner: Keypair::new(),
        };
        self.world.enter(&set, &attester, 0);
        set.address
    }
}

#[test]
fn both_fees_together_are_at_most_what_the_buyer_agreed_to() {
    let mut desk = Desk::new();
    // 2.5 % for the network and 1 % for the set.
    for less in [349, 250, 0] {
        desk.refused("FeeTooHigh", |args| args.max_fee_bps = less);
    }
    desk.opened(|args| args.max_fee_bps = 350);
    desk.opened(|args| args.max_fee_bps = u16::MAX);
    // Without a set nobody attests.
    let alone = |args: &mut sluice_client::OpenArgs, most| {
        (args.terms.set, args.max_fee_bps) = (Address::default(), most);
    };
    desk.refused("FeeTooHigh", |args| alone(args, 249));
    desk.opened(|args| alone(args, 250));
}

#[test]
fn both_fees_together_are_at_most_ten_per_cent() {
    let mut desk = Desk::new();
    let (most, more) = (desk.set_with_fee(750), desk.set_with_fee(751));
    let under = |args: &mut sluice_client::OpenArgs, set| {
        (args.terms.set, args.max_fee_bps) = (set, u16::MAX);
    };
    desk.refused("FeeTooHigh", |args| under(args, more));
    let job = desk.opened(|args| under(args, most));
    assert_eq!(job.fee_bps + job.attestation_bps, 1_000);
}

#[test]
fn the_fees_of_an_open_job_are_those_of_its_opening() {
    let mut desk = Desk::new();
    let job = desk.opened(|_| ());
    let network = desk.world.network;
    desk.world.edit(&network, |state: &mut Network| {
        state.params = NetworkParams {
            fee_bps: 900,
            ..PARAMS
        };
    });
    let address = address::job(&network, &desk.buyer.pubkey(), job.id);
    assert_eq!(desk.world.job(&address).fee_bps, 250);
    desk.refused("FeeTooHigh", |args| args.id = 9);
}
