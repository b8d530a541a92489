//! Accounts as a version of the program wrote them, kept for ever: one file a version, one account of each type.

use {
    crate::{accounts::Kind, field::Field},
    serde_json::{Value, json},
    std::{fs, path::PathBuf},
};

/// An account, its bytes and what they meant.
pub struct Golden {
    pub name: String,
    pub bytes: Vec<u8>,
    pub fields: Vec<Field>,
}

impl Golden {
    /// The account with these bytes, which is of this kind today.
    pub fn of(kind: &Kind, bytes: Vec<u8>) -> Self {
        Self {
            name: kind.name.to_owned(),
            fields: (kind.read)(&bytes[8..]),
            bytes,
        }
    }

    /// What comes after the discriminator.
    pub fn body(&self) -> &[u8] {
        &self.bytes[8..]
    }
}

fn path(version: u8) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("layouts/v{version}.json"))
}

/// Reads what was kept of a version.
pub fn read(version: u8) -> Vec<Golden> {
    let text = fs::read_to_string(path(version)).unwrap();
    let kept: Value = serde_json::from_str(&text).unwrap();
    let kept = kept.as_object().unwrap();
    kept.iter()
        .map(|(name, account)| one(name, account))
        .collect()
}

fn one(name: &str, account: &Value) -> Golden {
    let fields = account["fields"].as_array().unwrap();
    Golden {
        name: name.to_owned(),
        bytes: unhex(account["bytes"].as_str().unwrap()),
        fields: fields.iter().map(field).collect(),
    }
}

/// `[name, offset, length, value]`.
fn field(kept: &Value) -> Field {
    let number = |index: usize| kept[index].as_u64().unwrap() as usize;
    Field {
        name: kept[0].as_str().unwrap().to_owned(),
        offset: number(1),
        len: number(2),
        value: kept[3].clone(),
    }
}

/// Keeps the accounts of a version of which nothing is kept yet.
pub fn write(version: u8, accounts: &[Golden]) {
    let path = path(version);
    assert!(!path.exists(), "{} is there and stays", path.display());
    let accounts = accounts.iter().map(|account| {
        let fields = account.fields.iter().map(|field| {
            let line = json!([field.name, field.offset, field.len, field.value]);
            format!("      {line}")
        });
        let fields: Vec<_> = fields.collect();
        format!(
            "  \"{}\": {{\n    \"bytes\": \"{}\",\n    \"fields\": [\n{}\n    ]\n  }}",
            account.name,
            hex(&account.bytes),
            fields.join(",\n")
        )
    });
    let accounts: Vec<_> = accounts.collect();
    fs::write(path, format!("{{\n{}\n}}\n", accounts.join(",\n"))).unwrap();
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    assert!(rest.is_empty());
    let byte = |pair: &[u8; 2]| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap();
    pairs.iter().map(byte).collect()
}
