//! What a result consists of: named values in their order, and who sees them.

use {
    super::looks::{Looks, Mood},
    serde::{Deserialize, Serialize},
    serde_json::{Value as Json, json},
    sluice::constants::WRAPPED_SOL,
    sluice_client::{amount::SOL_DECIMALS, foreign::Foreign, hex, instruction::token::Mint},
    solana_address::Address,
    std::borrow::Cow,
};

/// Who sees a field.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub(super) enum Seen {
    #[default]
    ByAll,
    /// By programs, and by people who asked for everything.
    WhenWide,
    ByPeople,
    ByPrograms,
    /// The title of those that follow, for people.
    AsTitle,
}

/// How the names of shares in basis points end.
const IN_BPS: &str = "_bps";

/// A name in words. A percentage says itself that it is one.
pub fn label(name: &str) -> String {
    name.strip_suffix(IN_BPS).unwrap_or(name).replace('_', " ")
}

/// A named value.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub(super) struct Item {
    pub(super) name: Cow<'static, str>,
    pub(super) value: Value,
    pub(super) seen: Seen,
}

impl Item {
    pub(super) fn label(&self) -> String {
        label(&self.name)
    }

    fn is_named(&self, name: &str) -> bool {
        self.name == name || self.name.strip_suffix(IN_BPS) == Some(name)
    }

    pub(super) fn is_shown(&self, looks: &Looks) -> bool {
        match self.seen {
            Seen::ByAll | Seen::ByPeople | Seen::AsTitle => true,
            Seen::WhenWide => !looks.is_narrow(),
            Seen::ByPrograms => false,
        }
    }
}

/// Named values in the order they are shown.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Fields {
    items: Vec<Item>,
    pub(super) always_json: bool,
    partly: bool,
    /// Stands for everything else, in every form.
    pub(super) verbatim: Option<String>,
    incomplete: bool,
}

impl Fields {
    /// No fields yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A text that is the result as it is, in every form.
    pub fn verbatim(text: String) -> Self {
        Self {
            verbatim: Some(text),
            ..Self::default()
        }
    }

    /// Adds a field.
    pub fn with(self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        self.put(name, value, Seen::ByAll)
    }

    /// Adds a field that a terminal shows with `--wide` only.
    pub fn detail(self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        self.put(name, value, Seen::WhenWide)
    }

    /// Adds a field that is for people alone: it says in words what others have in fields.
    pub fn said(self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        self.put(name, value, Seen::ByPeople)
    }

    /// Adds a field that is for programs alone.
    pub fn data(self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        self.put(name, value, Seen::ByPrograms)
    }

    /// Begins a section: for people, the fields that follow stand under this title.
    pub fn section(self, title: &'static str) -> Self {
        self.put(title, Value::Absent, Seen::AsTitle)
    }

    fn put(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<Value>,
        seen: Seen,
    ) -> Self {
        let name: Cow<'static, str> = name.into();
        let value = Value::named(&name, value);
        self.items.push(Item { name, value, seen });
        self
    }

    /// Makes the last field a detail if it says nothing: zero, no or none.
    pub fn unless_nothing(mut self) -> Self {
        if let Some(last) = self.items.last_mut()
            && last.seen == Seen::ByAll
            && last.value.is_nothing()
        {
            last.seen = Seen::WhenWide;
        }
        self
    }

    /// Adds an amount of base units.
    pub fn tokens(self, name: &'static str, base: u64, decimals: u8) -> Self {
        let mint = None;
        self.with(
            name,
            Value::Tokens {
                base,
                decimals,
                mint,
            },
        )
    }

    /// Adds an amount of lamports.
    pub fn sol(self, name: &'static str, lamports: u64) -> Self {
        let [mint, _] = WRAPPED_SOL;
        self.with(
            name,
            Value::Tokens {
                base: lamports,
                decimals: SOL_DECIMALS,
                mint: Some(mint),
            },
        )
    }

    /// Adds an amount of base units of `mint`, whose symbol people see where it has one.
    pub fn of_mint(self, name: &'static str, base: u64, mint: &Mint) -> Self {
        self.with(
            name,
            Value::Tokens {
                base,
                decimals: mint.decimals,
                mint: Some(mint.address),
            },
        )
    }

    /// Says of which mint all amounts are that do not say it themselves.
    pub fn in_mint(mut self, of: &Address) -> Self {
        for item in &mut self.items {
            if let Value::Tokens { mint, .. } = &mut item.value {
                mint.get_or_insert(*of);
            }
        }
        self
    }

    /// Adds a date.
    pub fn date(self, name: &'static str, unix: i64) -> Self {
        self.with(name, Value::Date(unix))
    }

    /// Adds a duration.
    pub fn secs(self, name: &'static str, secs: impl Into<u64>) -> Self {
        self.with(name, Value::Secs(secs.into()))
    }

    /// The names and values that programs see.
    pub fn items(&self) -> impl Iterator<Item = (&Cow<'static, str>, &Value)> {
        self.seen_by_programs()
            .map(|item| (&item.name, &item.value))
    }

    fn seen_by_programs(&self) -> impl Iterator<Item = &Item> {
        let items = self.items.iter();
        items.filter(|item| !matches!(item.seen, Seen::AsTitle | Seen::ByPeople))
    }

    /// The value of the field `name`, as programs or people have it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let mut items = self.seen_by_programs();
        items
            .find(|item| item.is_named(name))
            .map(|item| &item.value)
    }

    /// The fields whose names are `wanted`.
    pub fn only(&self, wanted: impl Fn(&str) -> bool) -> Self {
        let items = self.items.iter().filter(|item| wanted(&item.name));
        Self {
            items: items.cloned().collect(),
            ..Self::default()
        }
    }

    /// The same with the field `name` right behind the first address, which names the row.
    pub fn led_by(mut self, name: &str) -> Self {
        let is_key = |item: &Item| matches!(item.value, Value::Address(_));
        let behind = self
            .items
            .iter()
            .position(is_key)
            .map_or(0, |key| key.saturating_add(1));
        let found = self.items.iter().position(|item| item.name == name);
        if let Some(place) = found.filter(|place| *place > behind) {
            let item = self.items.remove(place);
            self.items.insert(behind, item);
        }
        self
    }

    /// The same with the fields of these names as details.
    pub fn in_detail(mut self, names: &[&str]) -> Self {
        let named = |item: &&mut Item| names.contains(&item.name.as_ref());
        for item in self.items.iter_mut().filter(named) {
            item.seen = Seen::WhenWide;
        }
        self
    }

    /// These fields and then `others`; only some steps went through if either says so.
    pub fn join(mut self, others: Self) -> Self {
        self.items.extend(others.items);
        self.partly |= others.partly;
        self
    }

    /// `others` and then these fields.
    pub fn after(mut self, mut others: Self) -> Self {
        others.items.append(&mut self.items);
        self.items = others.items;
        self
    }

    /// Marks a result that other commands read: JSON on one line even where people look on.
    pub const fn always_json(mut self) -> Self {
        self.always_json = true;
        self
    }

    /// Marks a result of which some steps failed; the exit code says so.
    pub const fn partly(mut self) -> Self {
        self.partly = true;
        self
    }

    /// True when some steps failed.
    pub const fn is_partly(&self) -> bool {
        self.partly
    }

    /// Marks a plan of which something is left to do; the exit code says so.
    pub const fn incomplete(mut self) -> Self {
        self.incomplete = true;
        self
    }

    /// True when something is left to do.
    pub const fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    pub(super) fn json(&self) -> Json {
        self.items()
            .map(|(name, value)| (name.to_string(), value.json()))
            .collect()
    }

    /// The fields that people see, titles among them.
    pub(super) fn shown<'a>(&'a self, looks: &'a Looks) -> impl Iterator<Item = &'a Item> {
        self.items.iter().filter(|item| item.is_shown(looks))
    }
}

/// One value of a result.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub enum Value {
    /// Perhaps a stranger's.
    Text(Foreign),
    /// A word that says how something stands.
    State {
        word: String,
        mood: Mood,
    },
    /// Of an account, a key or a mint.
    Address(Address),
    /// Base 58.
    Signature(String),
    /// A number of 32 bits at most: every reader of JSON takes it as it is.
    Number(u32),
    /// A small number that may be below 0.
    Signed(i64),
    /// Basis points: a percentage for people.
    Bps(u32),
    /// A number of 64 bits, which is text in JSON: many readers there count to 2^53 only.
    Count(u64),
    Flag(bool),
    Hash([u8; 32]),
    /// Texts, a line each.
    Lines(Vec<String>),
    Absent,
    /// Base units of a mint with these decimals, and which it is if that was said.
    Tokens {
        base: u64,
        decimals: u8,
        mint: Option<Address>,
    },
    /// Unix seconds.
    Date(i64),
    Secs(u64),
    Group(Fields),
    List(Vec<Fields>),
    /// A list whose items have the same fields: for people a table.
    Table(Vec<Fields>),
}

impl Value {
    /// What stands under `name`: the names of shares end in `_bps`.
    pub fn named(name: &str, value: impl Into<Self>) -> Self {
        match value.into() {
            Self::Number(bps) if name.ends_with(IN_BPS) => Self::Bps(bps),
            value => value,
        }
    }

    pub(super) fn json(&self) -> Json {
        match self {
            Self::Text(text) => json!(text),
            Self::State { word, .. } => json!(word),
            Self::Address(address) => json!(address.to_string()),
            Self::Signature(text) => json!(text),
            Self::Number(number) | Self::Bps(number) => json!(number),
            Self::Signed(number) => json!(number),
            Self::Count(count) => json!(count.to_string()),
            Self::Secs(secs) => json!(secs),
            Self::Flag(flag) => json!(flag),
            Self::Hash(bytes) => json!(hex::encode(bytes)),
            Self::Lines(lines) => json!(lines),
            Self::Absent => Json::Null,
            Self::Tokens { base, decimals, .. } => {
                json!({ "amount": base.to_string(), "decimals": decimals })
            }
            Self::Date(unix) => json!(unix),
            Self::Group(fields) => fields.json(),
            Self::List(items) | Self::Table(items) => items.iter().map(Fields::json).collect(),
        }
    }
}
