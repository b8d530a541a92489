//! `sluice job place`: takes the best offer that matches.

use {
    super::take::Order,
    crate::{
        cmd::market::{Wish, row},
        failure::{Failure, Result},
        output::{Fields, Format},
        session::Session,
    },
    clap::Args,
    sluice_client::Ledger,
    std::io::{self, BufRead, IsTerminal, Write},
};

#[derive(Args)]
pub struct Place {
    #[command(flatten)]
    wish: Wish,
    #[command(flatten)]
    order: Order,
    /// Takes the offer without asking; nothing is asked either where standard input is no terminal.
    #[arg(long)]
    yes: bool,
}

impl Place {
    /// Takes the first offer in the market's order that can be taken.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let ranked = self.wish.look(session, Some(self.order.length))?;
        let count = ranked.len();
        let best = ranked
            .into_iter()
            .find(|offer| offer.untakeable.is_none())
            .ok_or_else(|| {
                Failure::input(if count == 0 {
                    "no live offer matches; see `sluice market`".to_owned()
                } else {
                    format!(
                        "none of the {count} offers that match can be taken; see `sluice market`"
                    )
                })
            })?;
        let offer = best.listing.offer;
        let mint = session.deposit_mint(&offer.terms.mint)?;
        if !self.yes && !session.is_dry_run() && io::stdin().is_terminal() {
            let funds = self.order.deposit(&offer, &mint)?;
            let choice = row(&best, 1, mint.decimals).tokens("deposit", funds, mint.decimals);
            confirm(&choice, &mut io::stdin().lock(), &mut io::stderr())?;
        }
        let fields = self.order.take(session, &best.listing.address, &offer)?;
        Ok(fields.with("reason", best.reason))
    }
}

/// Shows the choice and goes on only after a yes.
fn confirm(choice: &Fields, input: &mut dyn BufRead, screen: &mut dyn Write) -> Result<()> {
    let mut answer = String::new();
    write!(
        screen,
        "{}Take this offer? [y/N] ",
        choice.render(Format::Display)
    )
    .and_then(|()| screen.flush())
    .and_then(|()| input.read_line(&mut answer))
    .map_err(|error| Failure::input(format!("the question could not be asked: {error}")))?;
    match answer.trim() {
        "y" | "Y" | "yes" => Ok(()),
        _ => Err(Failure::input("the offer was not taken")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_a_yes() {
        let choice = Fields::new().with("offer", "abc");
        let mut screen = Vec::new();
        assert!(confirm(&choice, &mut "y\n".as_bytes(), &mut screen).is_ok());
        assert!(confirm(&choice, &mut "\n".as_bytes(), &mut screen).is_err());
        assert!(confirm(&choice, &mut "".as_bytes(), &mut screen).is_err());
        assert!(
            String::from_utf8(screen)
                .unwrap()
                .starts_with("offer  abc\nTake")
        );
    }
}
