//! What a pool and its processes say to each other: borsh behind a length, over one socket.

use {
    super::Confinement,
    crate::{engine::Limits, undone::Undone},
    borsh::{BorshDeserialize, BorshSerialize},
    std::{
        fmt,
        io::{self, Read, Write},
        str::FromStr,
    },
};

/// Which engine runs a kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, BorshSerialize, BorshDeserialize)]
pub enum Vm {
    /// The chain's own VM, compiled to machine code where that is possible.
    Sbpf,
    /// The chain's own VM, interpreted.
    SbpfInterpreted,
    /// WebAssembly, compiled.
    Wasm,
    /// WebAssembly, interpreted by other people's code.
    Wasmi,
}

const NAMES: [(Vm, &str); 4] = [
    (Vm::Sbpf, "sbpf"),
    (Vm::SbpfInterpreted, "sbpf-interpreted"),
    (Vm::Wasm, "wasm"),
    (Vm::Wasmi, "wasmi"),
];

impl fmt::Display for Vm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(vm, _)| vm == self);
        f.write_str(name.map_or("", |(_, name)| name))
    }
}

impl FromStr for Vm {
    type Err = Undone;

    fn from_str(text: &str) -> Result<Self, Undone> {
        let vm = NAMES.iter().find(|(_, name)| *name == text);
        vm.map(|(vm, _)| *vm).ok_or(Undone::Code)
    }
}

/// Most bytes of machine code of one kernel that are kept.
pub const COMPILED_LEN: usize = 128 << 20;

/// From the pool.
#[derive(BorshSerialize, BorshDeserialize)]
pub enum Request {
    /// Take a kernel in; the first request. The answer is [`Reply::Loaded`].
    Load(Load),
    /// Run it. The answer is [`Reply::Ran`].
    Run { input: Vec<u8>, limits: Limits },
}

/// A kernel to take in.
#[derive(BorshSerialize, BorshDeserialize)]
pub struct Load {
    pub code: Vec<u8>,
    /// What compiling it gave before.
    pub compiled: Option<Vec<u8>>,
    /// Give back what compiling gives.
    pub keep: bool,
}

/// From a process. Whatever runs there may have written it.
#[derive(BorshSerialize, BorshDeserialize)]
pub enum Reply {
    Ready(Confinement),
    Loaded(Result<Option<Vec<u8>>, Undone>),
    Ran(Result<Vec<u8>, Undone>),
}

/// A message as it is sent.
pub fn frame(message: &impl BorshSerialize) -> io::Result<Vec<u8>> {
    let mut frame = vec![0; 4];
    message.serialize(&mut frame)?;
    let len = frame.len().saturating_sub(4);
    let len = u32::try_from(len).map_err(|_| io::ErrorKind::FileTooLarge)?;
    if let Some(head) = frame.first_chunk_mut() {
        *head = len.to_le_bytes();
    }
    Ok(frame)
}

/// The next message; an error of kind `InvalidData` where it is none, or longer than `most`.
pub fn receive<T: BorshDeserialize>(from: &mut impl Read, most: usize) -> io::Result<T> {
    let mut len = [0; 4];
    from.read_exact(&mut len)?;
    let len = usize::try_from(u32::from_le_bytes(len)).unwrap_or(usize::MAX);
    if len > most {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut message = vec![0; len];
    from.read_exact(&mut message)?;
    borsh::from_slice(&message)
}

/// Sends a message.
pub fn send(to: &mut impl Write, message: &impl BorshSerialize) -> io::Result<()> {
    to.write_all(&frame(message)?)
}
