//! Functions and instructions of a [`Module`](super::Module).
//!
//! These are handles into the module they came from. They are only made by methods of a live module, used while it lives,
//! and never after [`Instruction::replace_by_call`] has erased them. That is why the calls below are sound.

pub use llvm_sys::LLVMOpcode as Opcode;
use {
    llvm_sys::{LLVMAttributeFunctionIndex, LLVMTypeKind, core::*, prelude::*},
    std::ptr,
};

#[derive(Clone, Copy)]
pub struct Function {
    pub(super) value: LLVMValueRef,
    pub(super) context: LLVMContextRef,
}

#[derive(Clone, Copy)]
pub struct Instruction(pub(super) LLVMValueRef);

/// How a value travels between functions, as far as the backend cares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    Void,
    /// An integer of so many bits.
    Integer(u32),
    /// A struct or array.
    Aggregate,
    /// A vector, which the backend has no registers for.
    Vector,
    /// A pointer, float or anything else that fits a register.
    Scalar,
}

impl Function {
    pub fn name(self) -> String {
        // SAFETY: see the module's documentation, here and below.
        unsafe { name_of(self.value) }
    }

    pub fn is_defined(self) -> bool {
        unsafe { LLVMIsDeclaration(self.value) == 0 }
    }

    pub fn is_used(self) -> bool {
        unsafe { !LLVMGetFirstUse(self.value).is_null() }
    }

    pub fn result(self) -> Shape {
        unsafe { shape(LLVMGetReturnType(LLVMGlobalGetValueType(self.value))) }
    }

    pub fn parameters(self) -> Vec<Shape> {
        unsafe {
            let signature = LLVMGlobalGetValueType(self.value);
            let mut types = vec![ptr::null_mut(); LLVMCountParamTypes(signature) as usize];
            LLVMGetParamTypes(signature, types.as_mut_ptr());
            types.into_iter().map(|of| shape(of)).collect()
        }
    }

    pub fn instructions(self) -> Vec<Instruction> {
        let mut instructions = Vec::new();
        unsafe {
            let mut block = LLVMGetFirstBasicBlock(self.value);
            while !block.is_null() {
                let mut instruction = LLVMGetFirstInstruction(block);
                while !instruction.is_null() {
                    instructions.push(Instruction(instruction));
                    instruction = LLVMGetNextInstruction(instruction);
                }
                block = LLVMGetNextBasicBlock(block);
            }
        }
        instructions
    }

    pub fn add_attribute(self, name: &str) {
        unsafe {
            let attribute = LLVMCreateEnumAttribute(self.context, attribute_kind(name), 0);
            LLVMAddAttributeAtIndex(self.value, LLVMAttributeFunctionIndex, attribute);
        }
    }

    pub fn remove_attribute(self, name: &str) {
        unsafe {
            LLVMRemoveEnumAttributeAtIndex(
                self.value,
                LLVMAttributeFunctionIndex,
                attribute_kind(name),
            )
        }
    }

    pub fn remove_parameter_attribute(self, name: &str) {
        unsafe {
            for parameter in 1..=LLVMCountParams(self.value) {
                LLVMRemoveEnumAttributeAtIndex(self.value, parameter, attribute_kind(name));
            }
        }
    }

    /// Makes every user of this function use `other`, of the same type, instead.
    pub fn replace_by(self, other: Function) {
        unsafe { LLVMReplaceAllUsesWith(self.value, other.value) }
    }
}

impl Instruction {
    pub fn opcode(self) -> Opcode {
        // SAFETY: see the module's documentation, here and below.
        unsafe { LLVMGetInstructionOpcode(self.0) }
    }

    pub fn result(self) -> Shape {
        unsafe { shape(LLVMTypeOf(self.0)) }
    }

    pub fn operand_is_constant(self, index: u32) -> bool {
        unsafe { !LLVMIsAConstantInt(LLVMGetOperand(self.0, index)).is_null() }
    }

    /// Removes an attribute from a call site. Only for instructions whose opcode is `LLVMCall`.
    pub fn remove_call_attribute(self, name: &str) {
        unsafe {
            LLVMRemoveCallSiteEnumAttribute(
                self.0,
                LLVMAttributeFunctionIndex,
                attribute_kind(name),
            )
        }
    }

    /// Removes an attribute from all arguments of a call site. Only for instructions whose opcode is `LLVMCall`.
    pub fn remove_argument_attribute(self, name: &str) {
        unsafe {
            for argument in 1..=LLVMGetNumArgOperands(self.0) {
                LLVMRemoveCallSiteEnumAttribute(self.0, argument, attribute_kind(name));
            }
        }
    }

    /// Puts a call of `function` with the same operands in this instruction's place and erases it.
    pub fn replace_by_call(self, function: Function) {
        unsafe {
            let builder = LLVMCreateBuilderInContext(function.context);
            LLVMPositionBuilderBefore(builder, self.0);
            let count = LLVMGetNumOperands(self.0) as u32;
            let mut operands: Vec<_> = (0..count)
                .map(|index| LLVMGetOperand(self.0, index))
                .collect();
            let signature = LLVMGlobalGetValueType(function.value);
            let call = LLVMBuildCall2(
                builder,
                signature,
                function.value,
                operands.as_mut_ptr(),
                count,
                c"".as_ptr(),
            );
            LLVMReplaceAllUsesWith(self.0, call);
            LLVMInstructionEraseFromParent(self.0);
            LLVMDisposeBuilder(builder);
        }
    }
}

/// # Safety
/// `value` must be a live global value.
pub(super) unsafe fn name_of(value: LLVMValueRef) -> String {
    let mut length = 0;
    // SAFETY: LLVM returns a pointer to `length` bytes.
    let bytes =
        unsafe { std::slice::from_raw_parts(LLVMGetValueName2(value, &mut length).cast(), length) };
    String::from_utf8_lossy(bytes).into_owned()
}

/// # Safety
/// `of` must be a live type.
pub(super) unsafe fn shape(of: LLVMTypeRef) -> Shape {
    use LLVMTypeKind::*;
    // SAFETY: the width is asked of integers only.
    unsafe {
        match LLVMGetTypeKind(of) {
            LLVMVoidTypeKind => Shape::Void,
            LLVMIntegerTypeKind => Shape::Integer(LLVMGetIntTypeWidth(of)),
            LLVMStructTypeKind | LLVMArrayTypeKind => Shape::Aggregate,
            LLVMVectorTypeKind | LLVMScalableVectorTypeKind => Shape::Vector,
            _ => Shape::Scalar,
        }
    }
}

pub(super) fn attribute_kind(name: &str) -> u32 {
    // SAFETY: reads `name.len()` bytes.
    unsafe { LLVMGetEnumAttributeKindForName(name.as_ptr().cast(), name.len()) }
}
