//! Statements, held against balances to the base unit.

use {
    crate::{
        proxy::{Bend, Fault, Proxy},
        shell::Shell,
        work::Life,
    },
    serde_json::Value,
    sluice_client::{Job, Ledger, Position, Share, address, instruction::token::Mint},
    sluice_localnet::plan,
    solana_address::Address,
    solana_signer::Signer,
    std::sync::Arc,
};

/// Exit code of a cluster that answered wrongly.
const UNREACHABLE: i32 = 7;

/// Base units of an amount in JSON.
fn base(amount: &Value) -> u64 {
    amount["amount"].as_str().unwrap().parse().unwrap()
}

/// What came in less what went out, of one mint or of all.
fn sum(statement: &Value, mint: &Mint, field: &str, event: Option<&str>) -> u64 {
    let rows = statement["rows"].as_array().unwrap().iter();
    rows.filter(|row| row["mint"] == mint.address.to_string())
        .filter(|row| event.is_none_or(|event| row["event"] == event))
        .map(|row| base(&row[field]))
        .sum()
}

fn total<'a>(statement: &'a Value, mint: &Mint) -> &'a Value {
    let mut totals = statement["mints"].as_array().unwrap().iter();
    totals
        .find(|total| total["mint"] == mint.address.to_string())
        .unwrap()
}

fn held(s: &Shell, owner: &Address, mint: &Mint) -> u64 {
    let account = address::token_account(owner, &mint.address, &mint.token_program);
    s.chain.ledger().token_balance(&account).unwrap()
}

/// Three jobs: one closed and opened anew under its address, one with a gift in its vault, one untouched; rewards and dividends
/// for the provider. Returns the second one.
fn business(s: &Shell) -> String {
    let (provider, node, pool) = {
        let world = s.chain.world();
        (world.provider, world.node, world.reward_pool)
    };
    let report = format!("rewards report {pool} --node {node}");
    let claim = format!("rewards claim {pool} --node {node}");
    Life::whole(s, 1);
    // The node's first report sets its baseline, and earns nothing.
    s.ok("funder", &report);

    let second = Life::open(s, 2);
    second.accept();
    s.ok("operator", &format!("job top-up {} 0.000001", second.job));
    give(s, &second.job, 7);
    second.prove();
    second.mature();
    second.pay();
    second.verb("credit");
    s.ok("funder", &report);

    // The same address again, accepted and left unproven; and one that nobody takes.
    Life::open(s, 1).accept();
    Life::open(s, 3);
    s.ok("funder", &format!("dividends add {provider} 5"));
    for _ in 0..2 {
        s.warp("1h");
        s.ok("funder", &claim);
    }
    s.warp("2d");
    s.ok("provider", &format!("dividends claim {provider}"));
    s.ok("funder", &format!("dividends add {provider} 0.000000003"));
    s.warp("2d");
    s.ok("provider", &format!("dividends claim {provider}"));
    second.job
}

/// Gives a job's vault tokens that nobody asked for.
fn give(s: &Shell, job: &str, base: u64) {
    let world = s.chain.world();
    let (buyer, usdc) = (&world.cast.buyer, &world.usdc);
    let from = address::token_account(&buyer.pubkey(), &usdc.address, &usdc.token_program);
    let transfer = spl_token_interface::instruction::transfer_checked(
        &usdc.token_program,
        &from,
        &usdc.address,
        &address::vault(&job.parse().unwrap()),
        &buyer.pubkey(),
        &[],
        base,
        usdc.decimals,
    );
    let mut ledger = s.chain.ledger();
    ledger.send(&[transfer.unwrap()], buyer, &[]).unwrap();
}

#[test]
fn statements_add_up_to_the_base_unit() {
    let s = Shell::new("statement");
    let world = s.chain.world();
    let (usdc, reward) = (world.usdc, world.reward);
    let (buyer, provider) = (world.cast.buyer.pubkey(), world.provider);
    let owner = world.cast.provider.pubkey();
    endow_operator(&s);
    let second = business(&s);
    let ledger = s.chain.ledger();

    let told = s.ok("buyer", &format!("statement buyer {buyer}"));
    let [came, went] = ["amount_in", "amount_out"].map(|field| sum(&told, &usdc, field, None));
    assert_eq!(came, 4 * 2_000_000 + 1);
    let escrowed: u64 = ledger
        .list::<Job>(&[])
        .unwrap()
        .iter()
        .map(|(_, job)| {
            job.funded - job.paid - job.swept_treasury - job.swept_attesters - job.refunded
        })
        .sum();
    assert_eq!(came - went, escrowed);
    assert_eq!(base(&total(&told, &usdc)["closing"]), escrowed);
    assert_eq!(base(&total(&told, &usdc)["now"]), escrowed);
    let vaults: u64 = ledger
        .list::<Job>(&[])
        .unwrap()
        .iter()
        .map(|(_, job)| ledger.token_balance(&job.vault).unwrap())
        .sum();
    assert_eq!(vaults, escrowed + 7, "the gift is no escrow");
    let refunded = sum(&told, &usdc, "amount_out", Some("refunded"));
    // Less what the buyer gave away, and the unit that the operator topped up with.
    let spent = came - 1 + 7 - refunded;
    assert_eq!(held(&s, &buyer, &usdc), plan::BUYER_USDC - spent);
    for (event, owner) in [
        ("paid to provider", owner),
        ("network fee", world.cast.treasury.pubkey()),
        ("attestation fee", world.cast.attester_fees.pubkey()),
    ] {
        let paid = sum(&told, &usdc, "amount_out", Some(event));
        assert_eq!(paid, held(&s, &owner, &usdc), "{event}");
        assert!(paid > 0);
    }
    assert!(
        told["rows"]
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["account"] == second)
    );

    let told = s.ok("buyer", &format!("statement provider {provider}"));
    assert_eq!(
        sum(&told, &usdc, "amount_in", None),
        held(&s, &owner, &usdc)
    );
    assert_eq!(
        sum(&told, &reward, "amount_in", None),
        held(&s, &owner, &reward)
    );
    let share = address::share(&world.reward_pool, &world.node);
    let share: Share = ledger.get(&share).unwrap();
    let claimed = sum(&told, &reward, "amount_in", Some("reward claimed"));
    assert_eq!((claimed, claimed > 0), (share.claimed, true));
    let dividends = sum(&told, &reward, "amount_in", Some("dividend claimed"));
    let position = address::position(&address::stake_pool(&provider), &owner);
    let position: Position = ledger.get(&position).unwrap();
    assert_eq!(dividends, position.dividend_claimed);
    assert!(dividends > 5_000_000_000);
    assert_eq!(sum(&told, &usdc, "amount_out", None), 0);

    csv_is_the_same(&s, &format!("statement buyer {buyer}"));
    csv_is_the_same(&s, &format!("statement provider {provider}"));
    periods_join(&s, &buyer, &usdc);
    holes_are_found(&s, &buyer, &provider);
    cuts_are_bridged(&s, &buyer, &provider);
    lies_are_found(&s, &buyer);
}

/// Gives the operator one base unit of USDC, to top up with.
fn endow_operator(s: &Shell) {
    let world = s.chain.world();
    let (admin, usdc) = (&world.cast.admin, &world.usdc);
    let operator = world.cast.operator.pubkey();
    let to = address::token_account(&operator, &usdc.address, &usdc.token_program);
    let mint = spl_token_interface::instruction::mint_to(
        &usdc.token_program,
        &usdc.address,
        &to,
        &admin.pubkey(),
        &[],
        1,
    );
    let create =
        sluice_client::instruction::token::create_token_account(&admin.pubkey(), &operator, usdc);
    let mut ledger = s.chain.ledger();
    ledger.send(&[create, mint.unwrap()], admin, &[]).unwrap();
}

fn csv_is_the_same(s: &Shell, line: &str) {
    let told = s.ok("buyer", line);
    let rows = told["rows"].as_array().unwrap();
    let (csv, summary) = s.people(line);
    let mut records = csv.split_terminator("\r\n");
    assert_eq!(
        records.next().unwrap(),
        "slot,time,signature,event,account,mint,amount_in,amount_out,balance,bridged"
    );
    let records: Vec<Vec<&str>> = records.map(|record| record.split(',').collect()).collect();
    assert_eq!(records.len(), rows.len());
    for (record, row) in records.iter().zip(rows) {
        assert_eq!(record.len(), 10);
        assert_eq!(record[0], row["slot"].as_str().unwrap());
        assert_eq!(record[2], row["signature"].as_str().unwrap());
        assert_eq!(record[3], row["event"].as_str().unwrap());
        let amount = &row["balance"];
        let places = u8::try_from(amount["decimals"].as_u64().unwrap()).unwrap();
        assert_eq!(
            sluice_client::amount::parse(record[8], places).unwrap(),
            base(amount)
        );
    }
    assert!(summary.contains("closing"), "{summary}");
    assert!(summary.contains("as the chain says"), "{summary}");
}

/// Whatever the date, the closing balance before it is the opening one from it on.
fn periods_join(s: &Shell, buyer: &Address, usdc: &Mint) {
    let whole = s.ok("buyer", &format!("statement buyer {buyer}"));
    let rows = whole["rows"].as_array().unwrap();
    for at in [1, rows.len() / 2, rows.len() - 1] {
        let date = rows[at]["time"].as_i64().unwrap();
        let early = s.ok("buyer", &format!("statement buyer {buyer} --to {date}"));
        let late = s.ok("buyer", &format!("statement buyer {buyer} --from {date}"));
        let [early_rows, late_rows] =
            [&early, &late].map(|one| one["rows"].as_array().unwrap().clone());
        assert_eq!(&[early_rows, late_rows].concat(), rows, "at {date}");
        let (early, late) = (total(&early, usdc), total(&late, usdc));
        assert_eq!(early["closing"], late["opening"], "at {date}");
        assert_eq!(early["now"], late["closing"], "at {date}");
    }
}

/// A node that has forgotten a transaction with a row is found out, whichever it is.
fn holes_are_found(s: &Shell, buyer: &Address, provider: &Address) {
    for of in [format!("buyer {buyer}"), format!("provider {provider}")] {
        let told = s.ok("buyer", &format!("statement {of}"));
        let rows = told["rows"].as_array().unwrap();
        for row in rows.iter().step_by(3).chain(rows.last()) {
            let forgotten = row["signature"].clone();
            is_found_out(s, &of, move |result| {
                if let Some(listed) = result.as_array_mut() {
                    listed.retain(|one| one["signature"] != forgotten);
                }
            });
        }
    }
}

/// What a cut log hides is bridged to the base unit: a pay-out, a claim, a dividend.
fn cuts_are_bridged(s: &Shell, buyer: &Address, provider: &Address) {
    for (of, event) in [
        (format!("buyer {buyer}"), "paid to provider"),
        (format!("provider {provider}"), "job paid"),
        (format!("provider {provider}"), "reward claimed"),
        (format!("provider {provider}"), "dividend claimed"),
    ] {
        let told = s.ok("buyer", &format!("statement {of}"));
        let rows = told["rows"].as_array().unwrap();
        let index = rows.iter().position(|row| row["event"] == event).unwrap();
        let signature = rows[index]["signature"].clone();
        let cut: Bend = Arc::new(move |result: &mut Value| {
            if result["transaction"]["signatures"][0] == signature {
                result["meta"]["logMessages"] = serde_json::json!(["Log truncated"]);
            }
        });
        let url = Proxy::new(s.chain.rpc_url(), move |_, _| {
            Some(Fault::Bend(Arc::clone(&cut)))
        })
        .url;
        let line = format!("statement {of} --output json");
        let ran = s.at(&url, "buyer", &line).output().unwrap();
        let error = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(0), "{event}: {error}");
        let bridged: Value = serde_json::from_slice(&ran.stdout).unwrap();
        assert_eq!(bridged["mints"], told["mints"], "{event}");
        let row = &bridged["rows"][index];
        assert_eq!(row["bridged"], true, "{event}");
        assert_eq!(row["amount_in"], rows[index]["amount_in"], "{event}");
        assert_eq!(row["amount_out"], rows[index]["amount_out"], "{event}");
    }
}

/// And so is one that tells another balance than there was, or other logs.
fn lies_are_found(s: &Shell, buyer: &Address) {
    let of = format!("buyer {buyer}");
    let told = s.ok("buyer", &format!("statement {of}"));
    let rows = told["rows"].as_array().unwrap();
    let paid = rows.iter().find(|row| row["event"] == "paid to provider");
    let signature = paid.unwrap()["signature"].clone();
    let lies: [fn(&mut Value); 2] = [
        |meta| {
            for balance in meta["postTokenBalances"].as_array_mut().unwrap() {
                let amount = &mut balance["uiTokenAmount"]["amount"];
                let less: u64 = amount.as_str().unwrap().parse().unwrap();
                *amount = less.saturating_sub(1).to_string().into();
            }
        },
        |meta| {
            let logs = meta["logMessages"].as_array_mut().unwrap();
            logs.retain(|line| !line.as_str().unwrap().starts_with("Program data: "));
        },
    ];
    for lie in lies {
        let signature = signature.clone();
        is_found_out(s, &of, move |result| {
            if result["transaction"]["signatures"][0] == signature {
                lie(&mut result["meta"]);
            }
        });
    }
}

fn is_found_out(s: &Shell, of: &str, lie: impl Fn(&mut Value) + Send + Sync + 'static) {
    let lie: Bend = Arc::new(lie);
    let url = Proxy::new(s.chain.rpc_url(), move |_, _| {
        Some(Fault::Bend(Arc::clone(&lie)))
    })
    .url;
    let line = format!("statement {of} --output json");
    let ran = s.at(&url, "buyer", &line).output().unwrap();
    let told = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(UNREACHABLE), "{told}");
    let named = ["gap", "disagree"].iter().any(|word| told.contains(word));
    assert!(named, "{told}");
}

#[test]
fn an_account_that_is_no_provider_has_no_statement() {
    let s = Shell::new("no-statement");
    let nobody = solana_keypair::Keypair::new().pubkey();
    let line = format!("statement provider {nobody}");
    assert_eq!(s.refused("buyer", &line, 5), "NotFound");
    let told = s.ok("buyer", &format!("statement buyer {nobody}"));
    assert_eq!(told["rows"].as_array().unwrap().len(), 0);
}
