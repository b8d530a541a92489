//! `openapi.json` is what the interface is: its routes, its bodies, its refusals.

use {
    serde::Serialize,
    serde_json::{Value, json},
    sluice_agent::{
        request,
        wire::{
            Admission, Admitted, Claimed, Claims, Countersigned, Finding, OfWindow, Received,
            Submission, Terms, Told,
        },
    },
    solana_address::Address,
    solana_signature::Signature,
    std::{
        collections::{BTreeMap, BTreeSet},
        fs,
        path::{Path, PathBuf},
    },
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn document() -> Value {
    let text = fs::read_to_string(root().join("openapi.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// What validates a schema of the document.
fn validator(document: &Value, name: &str) -> jsonschema::Validator {
    let schema = json!({
        "$ref": format!("#/components/schemas/{name}"),
        "components": document["components"],
    });
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .build(&schema)
        .unwrap()
}

/// The names of the members of an object, or the strings of a list.
fn names(value: &Value) -> BTreeSet<String> {
    match value {
        Value::Object(members) => members.keys().cloned().collect(),
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().unwrap().to_owned())
            .collect(),
        _ => BTreeSet::new(),
    }
}

/// Holds a schema to a body with everything and one with nothing that can be left out; `is_asked`: what it does not know is refused.
fn hold(name: &str, whole: &impl Serialize, bare: &impl Serialize, is_asked: bool) {
    let document = document();
    let schema = &document["components"]["schemas"][name];
    let validator = validator(&document, name);
    let [whole, bare] = [
        serde_json::to_value(whole).unwrap(),
        serde_json::to_value(bare).unwrap(),
    ];
    for body in [&whole, &bare] {
        let wrong: Vec<_> = validator
            .iter_errors(body)
            .map(|error| error.to_string())
            .collect();
        assert!(wrong.is_empty(), "{name}: {wrong:?}: {body}");
    }
    assert_eq!(names(&schema["properties"]), names(&whole), "{name}");
    assert_eq!(names(&schema["required"]), names(&bare), "{name}");
    for field in names(&bare) {
        let mut lacking = whole.clone();
        lacking.as_object_mut().unwrap().remove(&field);
        assert!(!validator.is_valid(&lacking), "{name} without {field}");
    }
    for field in names(&whole) {
        let mut wrong = whole.clone();
        // A list with a list in it is nothing that a field is.
        wrong[&field] = json!([[]]);
        assert!(!validator.is_valid(&wrong), "{name} with another {field}");
    }
    let mut more = whole;
    more["more"] = json!(1);
    assert_eq!(validator.is_valid(&more), !is_asked, "{name}");
}

const ADDRESS: Address = Address::new_from_array([7; 32]);

fn submission() -> Submission {
    Submission {
        job: ADDRESS,
        incarnation: u64::MAX,
        window: u32::MAX,
        units: 0,
        digest: [0; 32],
        signature: Signature::from([255; 64]),
        evidence: [255; 32],
    }
}

#[test]
fn every_body_is_what_the_document_says() {
    let asks = Admission {
        job: Address::default(),
        node: Some(ADDRESS),
        spec: Some([1; 32]),
        inputs: Some([2; 32]),
    };
    let only_asks = Admission {
        node: None,
        spec: None,
        inputs: None,
        ..asks.clone()
    };
    hold("Admission", &asks, &only_asks, true);
    let admitted = Admitted {
        spec: [1; 32],
        inputs: [2; 32],
        kernel: [3; 32],
    };
    hold("Admitted", &admitted, &admitted, false);
    hold("Submission", &submission(), &submission(), true);
    let signed = Countersigned {
        key: ADDRESS,
        signature: Signature::default(),
    };
    hold("Countersigned", &signed, &signed, false);
    let asked = OfWindow {
        job: ADDRESS,
        incarnation: u64::MAX,
        window: u32::MAX,
    };
    hold("OfWindow", &asked, &asked, true);
    let claimed = Claimed {
        units: u64::MAX,
        digest: [0; 32],
        evidence: [255; 32],
    };
    hold("Claimed", &claimed, &claimed, false);
    let claims = Claims {
        claims: vec![claimed],
    };
    hold("Claims", &claims, &Claims { claims: vec![] }, false);
    let finding = Finding {
        claim: submission(),
        evidence: "00ff".to_owned(),
        chunk: Some(0),
    };
    let contradiction = Finding {
        chunk: None,
        ..finding.clone()
    };
    hold("Finding", &finding, &contradiction, true);
    let terms = Terms {
        key: ADDRESS,
        network: ADDRESS,
        free_bytes: u64::MAX,
        bytes_per_fee_unit: 0,
        sample: Some(16),
    };
    let thorough = Terms {
        sample: None,
        ..terms.clone()
    };
    hold("Terms", &terms, &thorough, false);
    let received = Received {
        received: u64::MAX,
        whole: false,
    };
    hold("Received", &received, &received, false);
    let told = Told {
        code: "offset".to_owned(),
        message: "why".to_owned(),
        from: Some("5".to_owned()),
        chunk: Some(1),
        blob: Some("a".repeat(64)),
    };
    let plain = Told {
        from: None,
        chunk: None,
        blob: None,
        ..told.clone()
    };
    hold("Told", &told, &plain, false);
    let all = [
        "Admission",
        "Admitted",
        "Submission",
        "Countersigned",
        "OfWindow",
        "Claims",
        "Claimed",
        "Finding",
        "Terms",
        "Received",
        "Told",
    ];
    let parts = ["Address", "Signature", "Hash", "U64", "U32"];
    let known: BTreeSet<_> = all.into_iter().chain(parts).map(str::to_owned).collect();
    assert_eq!(names(&document()["components"]["schemas"]), known);
}

#[test]
fn the_four_headers_are_those_that_sign() {
    let document = document();
    let schemes = &document["components"]["securitySchemes"];
    let headers: BTreeSet<_> = schemes
        .as_object()
        .unwrap()
        .values()
        .map(|scheme| scheme["name"].as_str().unwrap())
        .collect();
    let signing = [
        request::KEY,
        request::TIME,
        request::NONCE,
        request::SIGNATURE,
    ];
    assert_eq!(headers, BTreeSet::from(signing));
    assert_eq!(names(&document["security"][0]), names(schemes));
}

/// The sources of the interface.
fn sources() -> String {
    let files = fs::read_dir(root().join("src/http")).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.retain(|file| !file.ends_with("tests.rs") && file.is_file());
    files.sort();
    files
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect()
}

#[test]
fn the_documents_routes_are_those_of_the_router() {
    let sources = sources();
    let routed: BTreeSet<_> = sources
        .split(".route(\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    let document = document();
    assert_eq!(names(&document["paths"]), routed);
    // The table at the top of the module has each with its method.
    let told: BTreeSet<_> = sources
        .lines()
        .filter_map(|line| line.strip_prefix("//! | `")?.split('`').next())
        .map(|request| request.split('?').next().unwrap().to_owned())
        .collect();
    let paths = document["paths"].as_object().unwrap();
    let written: BTreeSet<_> = paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().keys();
            let methods = methods.filter(|method| *method != "parameters");
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    assert_eq!(written, told);
}

/// The codes of refusals by status, as the sources have them: `STATUS, "code")`.
fn refused() -> BTreeMap<String, BTreeSet<String>> {
    let statuses = [
        ("BAD_REQUEST", "400"),
        ("UNAUTHORIZED", "401"),
        ("FORBIDDEN", "403"),
        ("NOT_FOUND", "404"),
        ("CONFLICT", "409"),
        ("GONE", "410"),
        ("PAYLOAD_TOO_LARGE", "413"),
        ("UNPROCESSABLE_ENTITY", "422"),
        ("UNFIT", "422"),
        ("TOO_EARLY", "425"),
        ("TOO_MANY_REQUESTS", "429"),
        ("SERVICE_UNAVAILABLE", "503"),
        ("LATER", "503"),
        ("INSUFFICIENT_STORAGE", "507"),
    ];
    let sources = sources();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let parts: Vec<_> = sources.split(", \"").collect();
    for pair in parts.windows(2) {
        let name = pair[0].rsplit(|letter: char| !(letter.is_ascii_uppercase() || letter == '_'));
        let name = name.into_iter().next().unwrap();
        let code = pair[1].split_once("\")").map_or("", |(code, _)| code);
        let is_code = !code.is_empty()
            && code
                .chars()
                .all(|letter| letter.is_ascii_lowercase() || letter == '_');
        if !name.is_empty() && is_code {
            let status = statuses.iter().find(|(known, _)| *known == name);
            let (_, status) = status.unwrap_or_else(|| panic!("{name} is no known status"));
            let codes = found.entry((*status).to_owned()).or_default();
            codes.insert(code.to_owned());
        }
    }
    found
}

#[test]
fn the_documents_refusals_are_those_of_the_sources_with_their_status() {
    let document = document();
    let responses = document["components"]["responses"].as_object().unwrap();
    let written: BTreeMap<_, _> = responses
        .iter()
        .map(|(status, response)| {
            let schema = &response["content"]["application/json"]["schema"];
            (status.clone(), names(&schema["properties"]["code"]["enum"]))
        })
        .collect();
    assert_eq!(written, refused());
}

#[test]
fn every_code_of_a_refusal_is_explained_to_people_with_its_status() {
    let text = fs::read_to_string(root().join("../../docs/running.md")).unwrap();
    let rows = text.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| `")?.split('|');
        let code = cells.next()?.trim().strip_suffix('`')?;
        let status = cells.next()?.trim();
        let is_status = status.len() == 3 && status.chars().all(|digit| digit.is_ascii_digit());
        is_status.then(|| (status.to_owned(), code.to_owned()))
    });
    let mut told: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (status, code) in rows {
        told.entry(status).or_default().insert(code);
    }
    assert_eq!(told, refused());
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(to)) = members.get("$ref") {
                    found.push(to.clone());
                }
                members.values().for_each(|one| references(one, found));
            }
            Value::Array(items) => items.iter().for_each(|one| references(one, found)),
            _ => {}
        }
    }
    let document = document();
    let mut found = vec![];
    references(&document, &mut found);
    assert!(found.len() > 50);
    for to in found {
        let pointer = to.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{to}");
    }
}
