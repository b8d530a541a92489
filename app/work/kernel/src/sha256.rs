//! SHA-256: by the system call on sBPF, by the crate `sha2` elsewhere.

/// The SHA-256 of all `parts`, one behind the other. On sBPF it costs 85 compute units, and of each part half its bytes or 10, what is
/// more.
#[cfg(target_os = "solana")]
#[allow(unsafe_code)]
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = [0; 32];
    // SAFETY: the call reads `parts`, an array of pointers with lengths as slices are laid out on this target, and writes 32 bytes.
    unsafe {
        solana_define_syscall::definitions::sol_sha256(
            parts.as_ptr().cast(),
            parts.len() as u64,
            hash.as_mut_ptr(),
        );
    }
    hash
}

/// The SHA-256 of all `parts`, one behind the other.
#[cfg(not(target_os = "solana"))]
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_hashed_one_behind_the_other() {
        // The one-block message of FIPS 180-2, appendix B.1.
        let known = [
            0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae,
            0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61,
            0xf2, 0x00, 0x15, 0xad,
        ];
        assert_eq!(sha256(&[b"abc"]), known);
        assert_eq!(sha256(&[b"a", b"", b"bc"]), known);
    }
}
