//! What is different between two looks at an account.

use {
    crate::output::{Fields, Looks, Value, label},
    std::borrow::Cow,
};

/// A figure that is another than before.
pub struct Change {
    pub name: Cow<'static, str>,
    before: Option<Value>,
    after: Option<Value>,
}

/// The figures that differ, in the order of what is shown.
pub fn between(before: &Fields, after: &Fields) -> Vec<Change> {
    let find = |fields: &Fields, wanted: &str| fields.get(wanted).cloned();
    let gone = before.items().map(|(name, _)| name);
    let gone = gone.filter(|name| find(after, name).is_none());
    let names = after.items().map(|(name, _)| name).chain(gone);
    names
        .map(|name| Change {
            name: name.clone(),
            before: find(before, name),
            after: find(after, name),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

impl Change {
    /// `paid 0 -> 0.965`.
    pub fn sentence(&self) -> String {
        let said = |value: &Option<Value>| match value {
            Some(Value::Group(_) | Value::List(_) | Value::Table(_)) => "changed".to_owned(),
            Some(value) => value.display(&Looks::default()),
            None => "none".to_owned(),
        };
        let name = label(&self.name);
        format!("{name} {} -> {}", said(&self.before), said(&self.after))
    }

    /// What it was and is, for JSON.
    pub fn fields(&self) -> Fields {
        Fields::new()
            .with("from", self.before.clone())
            .with("to", self.after.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_told_and_nothing_else() {
        let before = Fields::new()
            .with("state", "open")
            .tokens("paid", 0, 6)
            .date("open_until", 0)
            .with("set", None::<u64>);
        let after = Fields::new()
            .with("state", "active")
            .tokens("paid", 1_500_000, 6)
            .with("faulted", false)
            .with("set", None::<u64>);
        let told: Vec<String> = between(&before, &after)
            .iter()
            .map(Change::sentence)
            .collect();
        assert_eq!(
            told,
            [
                "state open -> active",
                "paid 0 -> 1.5",
                "faulted none -> no",
                "open until 1970-01-01T00:00:00Z -> none",
            ]
        );
        assert!(between(&after, &after).is_empty());
    }
}
