//! The layouts that the interface states: of every account each field, down to numbers and keys, with its place.

use serde_json::Value;

/// One field of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// With what it is in: `terms.price`, `ring[3].units`.
    pub name: String,
    /// Bytes from the start of the account, discriminator included.
    pub offset: usize,
    pub len: usize,
}

impl Field {
    /// True for bytes that mean nothing.
    pub fn is_reserve(&self) -> bool {
        let last = self.name.rsplit('.').next().unwrap();
        last.starts_with("reserve")
    }
}

/// An account type.
#[derive(Clone, Debug)]
pub struct Layout {
    pub name: String,
    pub discriminator: Vec<u8>,
    pub fields: Vec<Field>,
}

impl Layout {
    /// Bytes, discriminator included.
    pub fn size(&self) -> usize {
        let last = self.fields.last().unwrap();
        last.offset + last.len
    }
}

/// The layouts of all accounts in the committed interface.
pub fn layouts() -> Vec<Layout> {
    let idl: Value = serde_json::from_str(include_str!("../../idl/sluice.json")).unwrap();
    let accounts = idl["accounts"].as_array().unwrap().iter();
    accounts
        .map(|account| {
            let name = account["name"].as_str().unwrap().to_owned();
            let bytes = account["discriminator"].as_array().unwrap().iter();
            let discriminator = bytes.map(|byte| u8::try_from(byte.as_u64().unwrap()).unwrap());
            let mut fields = Vec::new();
            defined(&idl, &name, "", 8, &mut fields);
            Layout {
                discriminator: discriminator.collect(),
                fields,
                name,
            }
        })
        .collect()
}

/// Adds the fields of the struct `name`, which is called `at` and lies at `offset`; returns where it ends.
fn defined(idl: &Value, name: &str, at: &str, offset: usize, out: &mut Vec<Field>) -> usize {
    let types = idl["types"].as_array().unwrap();
    let found = types.iter().find(|one| one["name"] == name);
    let fields = &found.unwrap_or_else(|| panic!("no type {name}"))["type"]["fields"];
    let dot = if at.is_empty() { "" } else { "." };
    fields
        .as_array()
        .unwrap()
        .iter()
        .fold(offset, |end, field| {
            let inner = format!("{at}{dot}{}", field["name"].as_str().unwrap());
            of_type(idl, &field["type"], &inner, end, out)
        })
}

fn of_type(idl: &Value, kind: &Value, at: &str, offset: usize, out: &mut Vec<Field>) -> usize {
    if let Some(name) = kind["defined"]["name"].as_str() {
        return defined(idl, name, at, offset, out);
    }
    if let Some([element, count]) = kind["array"].as_array().map(Vec::as_slice) {
        let count = usize::try_from(count.as_u64().unwrap()).unwrap();
        if element == "u8" {
            return leaf(at, offset, count, out);
        }
        return (0..count).fold(offset, |end, index| {
            of_type(idl, element, &format!("{at}[{index}]"), end, out)
        });
    }
    let len = match kind.as_str().unwrap() {
        "u8" => 1,
        "u16" => 2,
        "u32" => 4,
        "u64" | "i64" => 8,
        "pubkey" => 32,
        other => panic!("{at} is a {other}"),
    };
    leaf(at, offset, len, out)
}

fn leaf(name: &str, offset: usize, len: usize, out: &mut Vec<Field>) -> usize {
    out.push(Field {
        name: name.to_owned(),
        offset,
        len,
    });
    offset + len
}
