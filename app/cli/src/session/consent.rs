//! Asking before money moves.

use {
    crate::{
        failure::{Failure, Result},
        output::{Fields, Format},
    },
    std::io::{BufRead, Write},
};

/// Shows the result to be and what cannot be taken back, and goes on only after a yes.
pub fn ask(
    fields: &Fields,
    irreversible: &[String],
    input: &mut dyn BufRead,
    screen: &mut dyn Write,
) -> Result<()> {
    let mut answer = String::new();
    write!(
        screen,
        "{}This {}, and cannot be taken back. Go on? [y/N] ",
        fields.render(Format::Display),
        irreversible.join("; "),
    )
    .and_then(|()| screen.flush())
    .and_then(|()| input.read_line(&mut answer))
    .map_err(|error| Failure::input(format!("the question could not be asked: {error}")))?;
    match answer.trim() {
        "y" | "Y" | "yes" => Ok(()),
        _ => Err(Failure::Declined("nothing was sent".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_a_yes() {
        let fields = Fields::new().with("job", "abc");
        let what = ["moves 5 of the mint M out of the account of K".to_owned()];
        let mut screen = Vec::new();
        assert!(ask(&fields, &what, &mut "y\n".as_bytes(), &mut screen).is_ok());
        for no in ["\n", "", "yeah\n", "n\n"] {
            assert!(ask(&fields, &what, &mut no.as_bytes(), &mut screen).is_err());
        }
        let shown = String::from_utf8(screen).unwrap();
        assert!(shown.starts_with(
            "job  abc\nThis moves 5 of the mint M out of the account of K, and cannot be taken back. Go on? [y/N] "
        ));
    }
}
