use super::*;

/// A circle in which everybody has these blobs, and their names in the order of the members that they are asked of first.
fn stocked(count: u8) -> (Circle<Town>, Vec<Name>) {
    let circle = circle(count);
    let mut names = vec![];
    for number in 0u32.. {
        let bytes = number.to_le_bytes().to_vec();
        let name = hash::blob(&bytes);
        if usize::from(name[0]) % usize::from(count) == names.len() {
            names.push(name);
        }
        (0..count.into()).for_each(|place| {
            circle.at(place).blobs.insert(name, bytes.clone());
        });
        if names.len() == usize::from(count) {
            break;
        }
    }
    (circle, names)
}

#[test]
fn different_blobs_are_asked_of_different_members() {
    let (circle, names) = stocked(3);
    for name in &names {
        let bytes = circle.blob(&JOB, name).unwrap();
        assert_eq!(hash::blob(&bytes), *name);
    }
    assert_eq!(circle.take_asked(), ["g"; 3]);
}

#[test]
fn one_honest_member_is_enough_and_liars_and_losers_are_asked_last() {
    let (circle, names) = stocked(4);
    circle.at(0).is_liar = true;
    circle.at(1).blobs.clear();
    circle.at(2).refuses = Some("");
    assert!(circle.blob(&JOB, &names[0]).is_some());
    assert_eq!(circle.take_asked(), ["g"; 4]);
    for name in &names {
        assert!(circle.blob(&JOB, name).is_some());
    }
    assert_eq!(circle.take_asked(), ["", "", "", "gggg"]);
}

#[test]
fn what_nobody_has_or_everybody_lies_about_is_none() {
    let (circle, names) = stocked(2);
    assert_eq!(circle.blob(&JOB, &[7; 32]), None);
    (0..2).for_each(|place| circle.at(place).is_liar = true);
    assert_eq!(circle.blob(&JOB, &names[0]), None);
    assert_eq!(super::circle(0).blob(&JOB, &names[0]), None);
    // Late is not never.
    circle.at(1).is_liar = false;
    assert!(circle.blob(&JOB, &names[0]).is_some());
}

#[test]
fn a_member_that_lags_is_asked_last_for_a_while() {
    let (circle, names) = stocked(2);
    circle.at(0).lag = LATE * 2;
    assert!(circle.blob(&JOB, &names[0]).is_some());
    circle.take_asked();
    let began = Instant::now();
    for _ in 0..3 {
        assert!(circle.blob(&JOB, &names[0]).is_some());
    }
    assert!(began.elapsed() < LATE);
    assert_eq!(circle.take_asked(), ["", "ggg"]);
}
