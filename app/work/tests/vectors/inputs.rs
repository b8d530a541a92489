//! Lists of inputs: bytes, root and paths.

use {
    crate::{
        check, hashes, hex,
        work::{Work, input},
    },
    serde_json::{Value, json},
    sluice_work::{
        core::Kind,
        hash,
        inputs::{Inputs, is_input},
    },
};

#[test]
fn inputs_are_listed_and_stand_so() {
    let lists = [1, 2, 3, 5, 8, 9].map(|count| {
        let work = Work::of(count, 4, Kind::Wasm);
        let (inputs, shape) = (&work.inputs, work.spec.core.shape().unwrap());
        let (bytes, tree) = (inputs.to_bytes(), inputs.tree().unwrap());
        assert_eq!(Inputs::from_bytes(&bytes).as_ref(), Some(inputs));
        // Of an absent place, too: a tree has a path to it.
        let all = (0..).map_while(|index| tree.path(index));
        let paths: Vec<Value> = all.map(|path| hashes(&path)).collect();
        for index in 0..count {
            let (name, path) = (hash::blob(&input(index)), tree.path(index).unwrap());
            assert!(is_input(&shape, &tree.root(), index, &name, &path));
        }
        json!({
            "names": hashes(inputs.names()),
            "bytes": hex(&bytes),
            "blob": hex(hash::blob(&bytes)),
            "root": hex(tree.root()),
            "paths": paths,
        })
    });
    check("work_inputs", &Value::from(lists.to_vec()));
}
