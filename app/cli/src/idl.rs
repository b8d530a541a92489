//! Instructions in the words of the program's IDL: what somebody reads who signs them apart from the cluster.

use {
    crate::{
        output::{Fields, Value},
        parse,
    },
    serde_json::Value as Json,
    solana_address::Address,
    std::sync::LazyLock,
};

static IDL: LazyLock<Json> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../idl/sluice.json")).unwrap_or_default()
});

/// An instruction of the program.
pub struct Described {
    pub name: String,
    pub args: Fields,
    /// Names of the accounts, in their order; what follows them has none.
    pub accounts: Vec<String>,
}

/// The instruction with this data; `None` if the bytes are not exactly one.
pub fn describe(data: &[u8]) -> Option<Described> {
    let (tag, mut rest) = data.split_first()?;
    let definition = IDL["instructions"]
        .as_array()?
        .iter()
        .find(|one| one["discriminator"] == Json::from([*tag].to_vec()))?;
    let mut args = Fields::new();
    for arg in definition["args"].as_array()? {
        let name = arg["name"].as_str()?.to_owned();
        args = args.with(name, value(&arg["type"], &mut rest)?);
    }
    if !rest.is_empty() {
        return None;
    }
    let accounts = definition["accounts"].as_array()?;
    let names = accounts
        .iter()
        .map(|account| account["name"].as_str().map(str::to_owned));
    Some(Described {
        name: definition["name"].as_str()?.to_owned(),
        args,
        accounts: names.collect::<Option<_>>()?,
    })
}

/// True if `text` is the IDL of the same interface: other words and another place do not make it another one.
pub fn is_own(text: &str) -> bool {
    let other = serde_json::from_str(text);
    other.is_ok_and(|other: Json| bare(&other) == bare(&IDL))
}

/// An IDL without what changes nothing for a client.
fn bare(idl: &Json) -> Json {
    match idl {
        Json::Object(fields) => {
            let fields = fields.iter();
            let told = fields
                .filter(|(name, _)| !["address", "docs", "metadata"].contains(&name.as_str()));
            told.map(|(name, value)| (name.clone(), bare(value)))
                .collect()
        }
        Json::Array(items) => items.iter().map(bare).collect(),
        other => other.clone(),
    }
}

/// The next value of this type.
fn value(kind: &Json, rest: &mut &[u8]) -> Option<Value> {
    Some(match kind.as_str() {
        Some("u8") => u8::from_le_bytes(take(rest)?).into(),
        Some("u16") => u16::from_le_bytes(take(rest)?).into(),
        Some("u32") => u32::from_le_bytes(take(rest)?).into(),
        Some("u64") => u64::from_le_bytes(take(rest)?).into(),
        Some("i64") => i64::from_le_bytes(take(rest)?).to_string().into(),
        Some("pubkey") => Address::new_from_array(take(rest)?).into(),
        Some(_) => return None,
        None => return compound(kind, rest),
    })
}

fn compound(kind: &Json, rest: &mut &[u8]) -> Option<Value> {
    if let Some(name) = kind["defined"]["name"].as_str() {
        let types = IDL["types"].as_array()?;
        let definition = types.iter().find(|one| one["name"] == name)?;
        let mut fields = Fields::new();
        for field in definition["type"]["fields"].as_array()? {
            let name = field["name"].as_str()?.to_owned();
            fields = fields.with(name, value(&field["type"], rest)?);
        }
        return Some(fields.into());
    }
    if !kind["option"].is_null() {
        let [there] = take(rest)?;
        return match there {
            0 => Some(Value::Absent),
            1 => value(&kind["option"], rest),
            _ => None,
        };
    }
    if !kind["vec"].is_null() {
        let count = u32::from_le_bytes(take(rest)?);
        let items = (0..count).map(|_| match value(&kind["vec"], rest)? {
            Value::Group(fields) => Some(fields),
            item => Some(Fields::new().with("item", item)),
        });
        return items.collect::<Option<Vec<_>>>().map(Value::List);
    }
    if let [element, count] = kind["array"].as_array()?.as_slice() {
        let count = usize::try_from(count.as_u64()?).ok()?;
        if element == "u8" {
            let (bytes, after) = rest.split_at_checked(count)?;
            *rest = after;
            return Some(parse::hex(bytes).into());
        }
        let items = (0..count)
            .map(|_| Some(Fields::new().with("item", value(element, rest)?)))
            .collect::<Option<Vec<_>>>()?;
        return Some(Value::List(items));
    }
    None
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (bytes, after) = rest.split_first_chunk::<N>()?;
    *rest = after;
    Some(*bytes)
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        anchor_lang::InstructionData,
        sluice::instruction::{AttestBatch, ShowEquivocation},
        sluice_client::{BatchEntry, BatchLeaf, BatchRun, Equivocation},
    };

    const KEY: Address = Address::new_from_array([7; 32]);

    /// Asserts that the whole of the data, and nothing longer or shorter, is this instruction; its only argument.
    fn argument(data: &[u8], name: &str) -> Fields {
        let told = describe(data).unwrap();
        assert_eq!(told.name, name);
        assert!(describe(&[data, &[0]].concat()).is_none());
        assert!(describe(&data[..data.len() - 1]).is_none());
        match told.args.items().next() {
            Some((_, Value::Group(fields))) => fields.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn lists_and_what_may_be_absent_are_described() {
        let item = |byte: u8| Fields::new().with("item", parse::hex(&[byte; 32]));
        let run = BatchRun {
            first: 4,
            mask: 0b10,
            entries: vec![BatchEntry {
                job: 3,
                window: 5,
                units: 6,
                digest: [9; 32],
            }],
            others: vec![[1; 32]],
            path: vec![[2; 32], [3; 32]],
        };
        let told = argument(&AttestBatch { run }.data(), "attest_batch");
        let entry = Fields::new()
            .with("job", 3_u8)
            .with("window", 5_u32)
            .with("units", 6_u64)
            .with("digest", parse::hex(&[9; 32]));
        assert_eq!(told.get("entries"), Some(&Value::List(vec![entry])));
        assert_eq!(told.get("others"), Some(&Value::List(vec![item(1)])));
        assert_eq!(told.get("path"), Some(&Value::List(vec![item(2), item(3)])));

        let shown = Equivocation {
            job: KEY,
            incarnation: 1,
            node: KEY,
            units: [2, 3],
            digests: [[4; 32], [5; 32]],
            window: 6,
            first: None,
            second: Some(BatchLeaf {
                set: KEY,
                index: 8,
                path: vec![[1; 32]],
            }),
        };
        let told = argument(&ShowEquivocation { shown }.data(), "show_equivocation");
        assert_eq!(told.get("first"), Some(&Value::Absent));
        let leaf = Fields::new()
            .with("set", KEY)
            .with("index", 8_u32)
            .with("path", Value::List(vec![item(1)]));
        assert_eq!(told.get("second"), Some(&Value::Group(leaf)));
    }

    #[test]
    fn an_interface_is_its_own_in_other_words_and_no_other_is() {
        assert!(is_own(&IDL.to_string()));
        let mut other = IDL.clone();
        other["instructions"][0]["docs"] = Json::from("anew");
        other["metadata"]["version"] = Json::from("9.9.9");
        assert!(is_own(&other.to_string()));
        other["instructions"][0]["discriminator"] = Json::from([255]);
        assert!(!is_own(&other.to_string()));
        assert!(!is_own("{}") && !is_own("nonsense"));
    }
}
