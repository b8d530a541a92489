//! The profile among the words of a command line: its names stand where addresses do, and its accounts where none is told.

use {
    super::{ACCOUNTS, Profile, contents},
    clap::{
        Arg, Command, Id,
        builder::{ArgPredicate, Resettable, StringValueParser, TypedValueParser, ValueParser},
    },
    solana_address::Address,
    std::{any::TypeId, sync::Arc},
};

/// The environment's word for the network, which stands before the profile's.
const NETWORK: &str = "SLUICE_NETWORK";

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
            let id = arg.get_id().as_str().to_owned();
            let is_required = if arg.is_positional() {
                last.as_ref() == Some(arg.get_id())
            } else {
                arg.is_required_set()
            };
            let is_proof = id == "set" && has_cosigner && !finds;
            let is_wanted = is_required
                || is_proof
                || finds && BOUGHT.contains(&id.as_str())
                || arg.get_env().is_some_and(|name| name == NETWORK);
            match self.account(&id) {
                Some(address) if is_wanted && !is_told && ACCOUNTS.contains(&id.as_str()) => {
                    with_default(arg, address, is_proof)
                }
                _ => arg,
            }
        });
        command.mut_subcommands(|command| self.applied(command))
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
