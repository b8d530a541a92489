//! The profile among the words of a command line: its names stand where addresses do, and its accounts where none is told.

use {
    super::{ACCOUNTS, Profile, contents},
    crate::failure::{Failure, Result},
    clap::{
        Arg, Command, Id,
        builder::{ArgPredicate, Resettable, StringValueParser, TypedValueParser, ValueParser},
    },
    solana_address::Address,
    std::{any::TypeId, env, sync::Arc},
};

/// The environment's words for accounts, which stand before the profile's: where an argument takes one, it takes the profile's too.
const VARIABLES: [(&str, &str); 3] = [
    ("SLUICE_NETWORK", "network"),
    ("SLUICE_PROVIDER", "provider"),
    ("SLUICE_NODE", "node"),
];

/// How the name of an argument begins that takes the profile's account though it is not required: another default follows.
const MARK: &str = "profile_";

/// Verbs after which something is gone for good: none takes an account from the profile.
const TOLD: [&str; 3] = ["close", "leave", "enter"];

/// What decides who can have a buyer's money, and in what.
const BOUGHT: [&str; 2] = ["set", "mint"];

impl Profile {
    /// The command that reads names wherever it reads addresses, and defaults where it requires an account. A verb that cannot be
    /// taken back is told of which; one that buys what it finds buys under the set and in the mint of the profile.
    pub fn applied(&self, command: Command) -> Command {
        // An argument before a required one cannot be left out.
        let required = command
            .get_positionals()
            .filter(|arg| arg.is_required_set());
        let last = required.last().map(|arg| arg.get_id().clone());
        let has_cosigner = command
            .get_arguments()
            .any(|arg| arg.get_id() == "cosigner");
        let is_told = TOLD.contains(&command.get_name());
        let finds = command.get_name() == "place";
        let command = command.mut_args(|arg| {
            if arg.get_value_parser().type_id() != TypeId::of::<Address>() {
                return arg;
            }
            let arg = arg.value_parser(self.parser());
            let mut variables = VARIABLES.into_iter();
            let variable =
                variables.find(|(name, _)| arg.get_env().is_some_and(|own| own == *name));
            let own = arg.get_id().as_str().to_owned();
            let marked = own.strip_prefix(MARK);
            let id = variable.map_or(marked.unwrap_or(&own), |(_, account)| account);
            let is_required = if arg.is_positional() {
                last.as_ref() == Some(arg.get_id())
            } else {
                arg.is_required_set()
            };
            let is_proof = id == "set" && has_cosigner && !finds;
            let is_wanted = is_required
                || is_proof
                || finds && BOUGHT.contains(&id)
                || variable.is_some()
                || marked.is_some();
            match self.account(id) {
                Some(address) if is_wanted && !is_told && ACCOUNTS.contains(&id) => {
                    with_default(arg, address, is_proof)
                }
                _ => arg,
            }
        });
        command.mut_subcommands(|command| self.applied(command))
    }

    /// The account that the environment tells under `key`, else the profile's.
    pub fn told(&self, key: &str) -> Result<Option<Address>> {
        let mut variables = VARIABLES.into_iter();
        let variable = variables.find_map(|(name, account)| (account == key).then_some(name));
        let word = variable.and_then(|name| env::var(name).ok());
        let Some(word) = word.filter(|word| !word.is_empty()) else {
            return Ok(self.account(key));
        };
        let found = self.contents.address(&word);
        found.map(Some).ok_or_else(|| {
            Failure::input(format!(
                "the environment's {key} '{word}': {}",
                contents::MEANT
            ))
        })
    }

    fn parser(&self) -> ValueParser {
        let names = Arc::clone(&self.contents.names);
        let parser = StringValueParser::new()
            .try_map(move |word| contents::address(&names, &word).ok_or(contents::MEANT));
        parser.into()
    }
}

/// A set proves work where no cosigner is named.
fn with_default(arg: Arg, address: Address, is_proof: bool) -> Arg {
    let arg = arg
        .required(false)
        .required_unless_present(Resettable::<Id>::Reset)
        .default_value(address.to_string());
    if is_proof {
        arg.default_value_if("cosigner", ArgPredicate::IsPresent, None::<&str>)
    } else {
        arg
    }
}
