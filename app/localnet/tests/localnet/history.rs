//! Events, read back over JSON-RPC.

use {
    crate::{shell::Shell, work::Life},
    serde_json::Value,
};

fn names(events: &[Value]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event["event"].as_str().unwrap())
        .collect()
}

fn list(s: &Shell, line: &str) -> Vec<Value> {
    let told = s.ok("buyer", line);
    told["events"].as_array().unwrap().clone()
}

#[test]
fn every_event_of_a_job_is_listed_in_order() {
    let s = Shell::new("history");
    let begun = s.chain.now().unwrap();
    let life = Life::open(&s, 1);
    life.accept();
    s.ok("buyer", &format!("job top-up {} 0.5", life.job));
    life.prove();
    let proven = s.chain.now().unwrap();
    life.mature();
    life.pay();
    life.close();
    let job = &life.job;

    let all = list(&s, &format!("events {job} --oldest-first"));
    let expected = [
        "JobOpened",
        "JobAccepted",
        "JobToppedUp",
        "WindowProven",
        "JobMatured",
        "EscrowMoved",
        "EscrowMoved",
        "EscrowMoved",
        "NodeCredited",
        "EscrowMoved",
        "JobReleased",
        "JobClosed",
    ];
    assert_eq!(names(&all), expected);
    assert!(
        all.iter()
            .all(|event| event["fields"]["job"] == job.as_str())
    );
    assert_eq!(all[0]["fields"]["funded"], "2000000");
    assert_eq!(all[3]["fields"]["accepted"], "100");
    let paid = &all[5]["fields"];
    assert_eq!(
        (&paid["amount"], &paid["paid"]),
        (&"965000".into(), &"965000".into())
    );
    assert_eq!(all[9]["fields"]["refunded"], "1500000");
    let slots: Vec<u64> = all
        .iter()
        .map(|one| one["slot"].as_str().unwrap().parse().unwrap())
        .collect();
    assert!(slots.is_sorted());

    // Page after page, newest first, is all of it, but for the order within one transaction: both sweeps are in one.
    let (mut paged, mut before) = (vec![], String::new());
    loop {
        let page = list(&s, &format!("events {job} --limit 2 {before}"));
        let Some(last) = page.last() else { break };
        before = format!("--before {}", last["signature"].as_str().unwrap());
        paged.extend(page);
    }
    assert_eq!(
        names(&paged).into_iter().rev().collect::<Vec<_>>(),
        expected
    );

    // The dates part it in two.
    let date = (begun + proven) / 2;
    let early = list(&s, &format!("events {job} --oldest-first --until {date}"));
    let late = list(&s, &format!("events {job} --oldest-first --since {date}"));
    assert_eq!((early.len(), late.len()), (3, 9));
    assert_eq!([early, late].concat(), all);

    // Another account's list has what concerns it and, on demand, only what carries it.
    let provider = s.chain.world().provider;
    let named = list(&s, &format!("events {provider}"));
    assert!(names(&named).contains(&"JobAccepted"));
    let carried = list(&s, &format!("events {provider} --only"));
    let carried = names(&carried);
    assert!(carried.contains(&"ProviderRegistered") && !carried.contains(&"JobAccepted"));

    // The program's own list begins with the network, and has a line for each event in the other forms.
    let all = list(&s, "events --limit 1000 --oldest-first");
    assert_eq!(names(&all)[0], "NetworkCreated");
    let (lines, _) = s.people("events --limit 1000 --output json-compact");
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), all.len());
    assert_eq!(lines[0]["event"], "JobClosed");
    let (shown, _) = s.people(&format!("events {job} --limit 1"));
    assert_eq!(shown.lines().count(), 2);
    assert!(shown.contains(&format!("  JobClosed  job {job}  incarnation")));
}
