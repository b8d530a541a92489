//! The few parts of LLVM's C API this tool needs, behind safe functions.
#![allow(unsafe_code)]

mod memory_arguments;
mod value;

pub use self::value::{Function, Instruction, Opcode, Shape};
use {
    self::value::name_of,
    anyhow::{Context as _, Result, bail},
    llvm_sys::{
        LLVMLinkage, LLVMVisibility, analysis::*, bit_writer::*, core::*, error::*,
        ir_reader::LLVMParseIRInContext2, linker::LLVMLinkModules2, prelude::*,
        transforms::pass_builder::*,
    },
    std::{
        ffi::{CStr, CString, c_char},
        path::Path,
        ptr,
    },
};

pub struct Module {
    context: LLVMContextRef,
    module: LLVMModuleRef,
}

impl Module {
    /// Reads bitcode or textual IR.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes =
            std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&bytes).with_context(|| format!("cannot parse {}", path.display()))
    }

    pub fn parse(ir: &[u8]) -> Result<Self> {
        // SAFETY: the context is fresh and owned by the value returned, which disposes of it.
        unsafe {
            let context = LLVMContextCreate();
            let mut parsed = Self {
                context,
                module: ptr::null_mut(),
            };
            parsed.module = parse_into(context, ir)?;
            Ok(parsed)
        }
    }

    /// Adds the definitions of another module, given as textual IR without target.
    pub fn link(&mut self, ir: &str) -> Result<()> {
        // SAFETY: both modules share the context; linking consumes the second.
        unsafe {
            let other = parse_into(self.context, ir.as_bytes())?;
            LLVMSetDataLayout(other, LLVMGetDataLayoutStr(self.module));
            LLVMSetTarget(other, LLVMGetTarget(self.module));
            if LLVMLinkModules2(self.module, other) != 0 {
                bail!("LLVM cannot link the helper functions");
            }
        }
        Ok(())
    }

    pub fn functions(&self) -> Vec<Function> {
        let mut functions = Vec::new();
        // SAFETY: walks the module's list, which nothing changes meanwhile.
        unsafe {
            let mut value = LLVMGetFirstFunction(self.module);
            while !value.is_null() {
                functions.push(Function {
                    value,
                    context: self.context,
                });
                value = LLVMGetNextFunction(value);
            }
        }
        functions
    }

    pub fn function(&self, name: &str) -> Option<Function> {
        let name = CString::new(name).ok()?;
        // SAFETY: the module lives; a null answer means there is none.
        let value = unsafe { LLVMGetNamedFunction(self.module, name.as_ptr()) };
        (!value.is_null()).then_some(Function {
            value,
            context: self.context,
        })
    }

    /// Makes every definition private to the module, but functions for which `keep` holds and LLVM's own globals.
    pub fn internalise(&mut self, keep: impl Fn(&str) -> bool) {
        // SAFETY: walks the lists of a live module; linkage may be changed while walking.
        unsafe {
            let internalise = |value: LLVMValueRef| {
                let name = name_of(value);
                if LLVMIsDeclaration(value) == 0 && !name.starts_with("llvm.") && !keep(&name) {
                    LLVMSetLinkage(value, LLVMLinkage::LLVMInternalLinkage);
                    LLVMSetVisibility(value, LLVMVisibility::LLVMDefaultVisibility);
                }
            };
            for (first, next) in [
                (
                    LLVMGetFirstFunction as unsafe extern "C" fn(_) -> _,
                    LLVMGetNextFunction as unsafe extern "C" fn(_) -> _,
                ),
                (LLVMGetFirstGlobal, LLVMGetNextGlobal),
            ] {
                let mut value = first(self.module);
                while !value.is_null() {
                    internalise(value);
                    value = next(value);
                }
            }
        }
    }

    /// Runs passes named as `opt -passes=` names them.
    pub fn run(&mut self, passes: &str) -> Result<()> {
        let passes = CString::new(passes)?;
        // SAFETY: the options live until the passes have run; an error is consumed by reading its message.
        unsafe {
            let options = LLVMCreatePassBuilderOptions();
            let error = LLVMRunPasses(self.module, passes.as_ptr(), ptr::null_mut(), options);
            LLVMDisposePassBuilderOptions(options);
            if !error.is_null() {
                let message = LLVMGetErrorMessage(error);
                let text = CStr::from_ptr(message).to_string_lossy().into_owned();
                LLVMDisposeErrorMessage(message);
                bail!("LLVM pass failed: {text}");
            }
        }
        Ok(())
    }

    /// Fails with LLVM's explanation if the module is not valid IR.
    pub fn verify(&self) -> Result<()> {
        let mut message = ptr::null_mut();
        // SAFETY: the message is LLVM's to give and ours to dispose of, in either case.
        let (broken, text) = unsafe {
            let action = LLVMVerifierFailureAction::LLVMReturnStatusAction;
            (
                LLVMVerifyModule(self.module, action, &mut message) != 0,
                take_message(message),
            )
        };
        if broken {
            bail!("the module is not valid: {text}");
        }
        Ok(())
    }

    pub fn write(&self, path: &Path) -> Result<()> {
        let name = CString::new(path.as_os_str().as_encoded_bytes())?;
        // SAFETY: the module lives and the name ends in a zero.
        if unsafe { LLVMWriteBitcodeToFile(self.module, name.as_ptr()) } != 0 {
            bail!("cannot write {}", path.display());
        }
        Ok(())
    }
}

impl std::fmt::Display for Module {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // SAFETY: the text is a fresh copy that we dispose of.
        formatter.write_str(&unsafe { take_message(LLVMPrintModuleToString(self.module)) })
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        // SAFETY: both are owned by this value alone; the module goes first. It is null only if parsing failed.
        unsafe {
            if !self.module.is_null() {
                LLVMDisposeModule(self.module);
            }
            LLVMContextDispose(self.context);
        }
    }
}

/// # Safety
/// `context` must live.
unsafe fn parse_into(context: LLVMContextRef, ir: &[u8]) -> Result<LLVMModuleRef> {
    let (mut module, mut message) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: the buffer is a copy with a terminating zero; parsing leaves it to us.
    unsafe {
        let bytes = ir.as_ptr().cast();
        let buffer = LLVMCreateMemoryBufferWithMemoryRangeCopy(bytes, ir.len(), c"module".as_ptr());
        let failed = LLVMParseIRInContext2(context, buffer, &mut module, &mut message) != 0;
        LLVMDisposeMemoryBuffer(buffer);
        if failed {
            bail!("{}", take_message(message));
        }
    }
    Ok(module)
}

/// # Safety
/// `message` must be null or a message LLVM gave away.
unsafe fn take_message(message: *mut c_char) -> String {
    if message.is_null() {
        return String::new();
    }
    // SAFETY: not null, so a C string that is ours to dispose of.
    unsafe {
        let text = CStr::from_ptr(message).to_string_lossy().into_owned();
        LLVMDisposeMessage(message);
        text
    }
}
