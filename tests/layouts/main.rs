//! Account layouts, as other programs and clients read them: the interface states them, `accounts.json` keeps them, and the
//! accounts that the ELF writes have them. An account has no version: another layout is another type, with another
//! discriminator. The rule is in migrations/README.md.

mod idl;
mod scene;

use {
    idl::{Field, Layout, layouts},
    serde_json::{Value, json},
    std::{collections::BTreeSet, env, fs, path::PathBuf},
};

/// The kept layouts: name, discriminator, and of each field its name, offset and length.
fn kept() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("layouts/accounts.json")
}

fn written(layouts: &[Layout]) -> String {
    let line = |field: &Field| {
        let line = json!([field.name, field.offset, field.len]);
        format!("      {line}")
    };
    let accounts = layouts.iter().map(|layout| {
        let fields: Vec<_> = layout.fields.iter().map(line).collect();
        let (name, discriminator) = (&layout.name, json!(layout.discriminator));
        let fields = fields.join(",\n");
        format!(
            "  \"{name}\": {{\n    \"discriminator\": {discriminator},\n    \"fields\": [\n{fields}\n    ]\n  }}"
        )
    });
    let accounts: Vec<_> = accounts.collect();
    format!("{{\n{}\n}}\n", accounts.join(",\n"))
}

/// `SLUICE_BLESS=1` keeps the layouts of a program that is not deployed yet, and of a new type.
#[test]
fn layouts_are_those_that_are_kept() {
    let today = written(&layouts());
    if env::var_os("SLUICE_BLESS").is_some() {
        fs::write(kept(), &today).unwrap();
    }
    let kept = fs::read_to_string(kept()).unwrap_or_default();
    assert!(
        serde_json::from_str::<Value>(&kept).ok() == serde_json::from_str(&today).ok(),
        "a layout changed: give the type another name, or bless it while nothing is deployed (SLUICE_BLESS=1)"
    );
}

#[test]
fn no_two_types_share_a_discriminator() {
    let all = layouts();
    let seen: BTreeSet<_> = all.iter().map(|layout| &layout.discriminator).collect();
    assert_eq!(seen.len(), all.len());
}

#[test]
fn accounts_as_the_program_writes_them_have_their_layout_and_an_empty_reserve() {
    let layouts = layouts();
    let mut seen = BTreeSet::new();
    for bytes in scene::accounts() {
        let layout = layouts
            .iter()
            .find(|layout| bytes.starts_with(&layout.discriminator));
        let layout = layout.expect("an account of the interface");
        let name = &layout.name;
        assert_eq!(bytes.len(), layout.size(), "{name}");
        for field in layout.fields.iter().filter(|field| field.is_reserve()) {
            let reserve = &bytes[field.offset..field.offset + field.len];
            assert!(
                reserve.iter().all(|byte| *byte == 0),
                "{name}.{}",
                field.name
            );
        }
        seen.insert(name.clone());
    }
    assert_eq!(seen.len(), layouts.len(), "the scene makes every kind");
}
