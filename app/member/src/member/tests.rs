use {super::*, solana_keypair::Keypair};

fn caller(is_private_allowed: bool) -> Caller {
    Caller::new(Arc::new(Keypair::new()), Arc::default(), is_private_allowed).unwrap()
}

fn at(url: &str) -> Member {
    Member {
        key: Address::new_unique(),
        url: url.to_owned(),
    }
}

#[test]
fn urls_into_private_networks_are_asked_only_where_that_is_allowed() {
    let (strict, lax) = (caller(false), caller(true));
    for private in [
        "http://127.0.0.1:80",
        "http://10.1.2.3",
        "http://192.168.0.1",
        "http://172.16.9.9",
        "http://169.254.169.254/latest",
        "http://100.64.0.1",
        "http://0.0.0.0",
        "http://2130706433",
        "http://0x7f.1",
        "http://[::1]:9",
        "http://[::ffff:127.0.0.1]",
        "http://[fe80::1]",
        "http://[fd00::1]",
        "http://[fec0::1]",
        "http://[::127.0.0.1]",
        "http://[64:ff9b::10.0.0.1]",
        "http://[64:ff9b:1::1]",
        "http://[2002:7f00:1::]",
        "http://[2001::1]",
        "http://192.0.0.8",
        "http://198.18.0.1",
    ] {
        let refused = strict.url(&at(private), "/v1/terms");
        assert!(matches!(refused, Err(Unasked::Url(_))), "{private}");
        assert!(lax.url(&at(private), "/v1/terms").is_ok(), "{private}");
    }
    for public in [
        "https://1.1.1.1",
        "http://[2606:4700::1111]:8080",
        "http://[64:ff9b::1.1.1.1]",
        "https://a.example",
    ] {
        assert!(strict.url(&at(public), "/v1/terms").is_ok(), "{public}");
    }
}

#[test]
fn a_name_that_leads_to_this_machine_is_not_connected_to() {
    let asked = caller(false).terms(&at("http://localhost:1"));
    let told = asked.unwrap_err().to_string();
    assert!(told.contains("public internet"), "{told}");
}

#[test]
fn what_is_no_url_of_a_server_is_not_asked() {
    for wrong in [
        "",
        "a.example",
        "ftp://a.example",
        "file:///etc/passwd",
        "https://user:word@a.example",
        "https://",
    ] {
        let refused = caller(true).url(&at(wrong), "/v1/terms");
        assert!(matches!(refused, Err(Unasked::Url(_))), "{wrong}");
    }
    let behind = caller(true).url(&at("https://a.example/attester/"), "/v1/terms?x=1");
    assert_eq!(
        behind.unwrap().as_str(),
        "https://a.example/attester/v1/terms?x=1"
    );
}

#[test]
fn nothing_is_asked_before_the_chains_time_is_known() {
    let name = request::body(b"");
    let put = caller(true).put(&at("http://127.0.0.1:1"), &Address::default(), &name, b"");
    assert!(matches!(put, Err(Unasked::Unsigned)));
}

#[test]
fn a_refusal_is_told_without_what_moves_a_terminal() {
    let told = Told {
        code: "\u{1b}[2J".to_owned(),
        message: "\u{202e}evil".to_owned(),
        ..Told::default()
    };
    let text = Unasked::Refused(Box::new(told)).to_string();
    assert_eq!(text, "\\u{1b}[2J: \\u{202e}evil");
}
