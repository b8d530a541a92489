//! What a layout may become: every field stays where it is and as long as it is, and what is new lies in the reserve.

use crate::field::Field;

/// Refuses `new` as a later version of `old`, with the first reason.
pub fn successor(old: &[Field], new: &[Field]) -> Result<(), String> {
    if end(new) != end(old) {
        return Err(format!("it has {} bytes, not {}", end(new), end(old)));
    }
    for field in old.iter().filter(|field| !field.is_reserve()) {
        let found = new.iter().find(|found| found.name == field.name);
        let name = &field.name;
        match found {
            None => return Err(format!("{name} is gone")),
            Some(found) if found.offset != field.offset => return Err(format!("{name} moved")),
            Some(found) if found.len != field.len => {
                return Err(format!("{name} has another length"));
            }
            Some(_) => {}
        }
    }
    let taken: Vec<bool> = (0..end(old)).map(|at| is_taken(old, at)).collect();
    for field in new.iter().filter(|field| !field.is_reserve()) {
        let is_old = old.iter().any(|found| found.name == field.name);
        let mut bytes = field.offset..field.offset + field.len;
        if !is_old && bytes.any(|at| taken.get(at) != Some(&false)) {
            return Err(format!("{} lies outside the reserve", field.name));
        }
    }
    Ok(())
}

fn end(fields: &[Field]) -> usize {
    let ends = fields.iter().map(|field| field.offset + field.len);
    ends.max().unwrap_or(0)
}

/// True where a byte means something already. The discriminator does.
fn is_taken(fields: &[Field], at: usize) -> bool {
    let mut reserve = fields.iter().filter(|field| field.is_reserve());
    !reserve.any(|field| (field.offset..field.offset + field.len).contains(&at))
}
