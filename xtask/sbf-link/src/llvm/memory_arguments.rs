//! Passing arguments in memory: a function of many parameters becomes one of few, the last of which points to the rest.

use {
    super::value::{Function, Instruction, Shape, attribute_kind, shape},
    llvm_sys::{
        LLVMAttributeFunctionIndex, LLVMAttributeReturnIndex, LLVMLinkage, LLVMTypeKind, core::*,
        debuginfo::*, prelude::*,
    },
    std::{collections::HashMap, ptr},
};

/// A slot in memory holds 64 bits; a wider number takes several.
const SLOT: u32 = 64;

/// Attributes that cease to hold when arguments travel through memory.
const FORGOTTEN: [&str; 3] = ["memory", "allocsize", "speculatable"];

/// Parameters that are not mere values, and so cannot move.
const PINNED: [&str; 5] = ["byval", "byref", "inalloca", "preallocated", "nest"];

impl Function {
    /// Makes the function take its first `kept` parameters and a pointer to the others, and its callers store those.
    /// Returns false, having changed nothing, if it is used otherwise than by plain calls or takes what must not move.
    ///
    /// The handle is invalid afterwards if the answer is true.
    pub fn pass_in_memory(self, kept: u32) -> bool {
        let movable = |of: Shape| matches!(of, Shape::Integer(_) | Shape::Scalar);
        let Some(calls) = self.direct_calls() else {
            return false;
        };
        if self.parameters().len() <= kept as usize
            || !self.parameters().into_iter().all(movable)
            || self.has_pinned_parameter()
        {
            return false;
        }
        // SAFETY: see the documentation of `value`: the module lives, and the function's every use is a call found above.
        unsafe {
            let new = self.declare_with_memory(kept);
            self.move_body_to(new, kept);
            let mut memories = HashMap::new();
            for call in calls {
                store_and_call(self, new, call, kept, &mut memories);
            }
            let name = self.name();
            LLVMDeleteFunction(self.value);
            LLVMSetValueName2(new, name.as_ptr().cast(), name.len());
        }
        true
    }

    /// The calls of this function, if that is all it is used for.
    pub fn direct_calls(self) -> Option<Vec<Instruction>> {
        let mut calls = Vec::new();
        // SAFETY: walks the list of uses, which nothing changes meanwhile.
        unsafe {
            let signature = LLVMGlobalGetValueType(self.value);
            if LLVMIsFunctionVarArg(signature) != 0 {
                return None;
            }
            let mut used = LLVMGetFirstUse(self.value);
            while !used.is_null() {
                let user = LLVMGetUser(used);
                let plain = !LLVMIsACallInst(user).is_null()
                    && LLVMGetCalledValue(user) == self.value
                    && LLVMGetCalledFunctionType(user) == signature
                    && LLVMGetNumOperandBundles(user) == 0
                    && LLVMGetTailCallKind(user)
                        != llvm_sys::LLVMTailCallKind::LLVMTailCallKindMustTail
                    && (0..LLVMGetNumArgOperands(user))
                        .all(|index| LLVMGetOperand(user, index) != self.value);
                if !plain {
                    return None;
                }
                calls.push(Instruction(user));
                used = LLVMGetNextUse(used);
            }
        }
        Some(calls)
    }

    fn has_pinned_parameter(self) -> bool {
        // SAFETY: asks for attributes of parameters that exist.
        unsafe {
            (1..=LLVMCountParams(self.value)).any(|parameter| {
                PINNED.iter().any(|name| {
                    let kind = attribute_kind(name);
                    !LLVMGetEnumAttributeAtIndex(self.value, parameter, kind).is_null()
                })
            })
        }
    }

    /// A function of the new type, without body, with the attributes that still hold.
    unsafe fn declare_with_memory(self, kept: u32) -> LLVMValueRef {
        // SAFETY: as promised by the caller.
        unsafe {
            let old = self.value;
            let signature = LLVMGlobalGetValueType(old);
            let mut types: Vec<_> = (0..kept)
                .map(|index| LLVMTypeOf(LLVMGetParam(old, index)))
                .collect();
            types.push(LLVMPointerTypeInContext(self.context, 0));
            let result = LLVMGetReturnType(signature);
            let signature = LLVMFunctionType(result, types.as_mut_ptr(), types.len() as u32, 0);
            let new = LLVMAddFunction(LLVMGetGlobalParent(old), c"".as_ptr(), signature);
            LLVMSetLinkage(new, LLVMLinkage::LLVMInternalLinkage);
            LLVMSetFunctionCallConv(new, LLVMGetFunctionCallConv(old));
            LLVMSetUnnamedAddress(new, LLVMGetUnnamedAddress(old));
            LLVMSetSubprogram(new, LLVMGetSubprogram(old));
            for place in places(kept) {
                let mut attributes =
                    vec![ptr::null_mut(); LLVMGetAttributeCountAtIndex(old, place) as usize];
                LLVMGetAttributesAtIndex(old, place, attributes.as_mut_ptr());
                for attribute in attributes {
                    LLVMAddAttributeAtIndex(new, place, attribute);
                }
            }
            for name in FORGOTTEN {
                LLVMRemoveEnumAttributeAtIndex(
                    new,
                    LLVMAttributeFunctionIndex,
                    attribute_kind(name),
                );
            }
            new
        }
    }

    /// Moves the blocks to `new` and makes them use its parameters, loading those in memory first of all.
    unsafe fn move_body_to(self, new: LLVMValueRef, kept: u32) {
        // SAFETY: as promised by the caller; a placeholder block receives the moved ones and goes again.
        unsafe {
            let placeholder = LLVMAppendBasicBlockInContext(self.context, new, c"".as_ptr());
            let mut last = placeholder;
            let mut block = LLVMGetFirstBasicBlock(self.value);
            while !block.is_null() {
                let next = LLVMGetNextBasicBlock(block);
                LLVMMoveBasicBlockAfter(block, last);
                last = block;
                block = next;
            }
            LLVMDeleteBasicBlock(placeholder);

            let builder = LLVMCreateBuilderInContext(self.context);
            let entry = LLVMGetEntryBasicBlock(new);
            LLVMPositionBuilderBefore(builder, LLVMGetFirstInstruction(entry));
            let memory = LLVMGetParam(new, kept);
            let mut slot = 0;
            for index in 0..LLVMCountParams(self.value) {
                let old = LLVMGetParam(self.value, index);
                let value = if index < kept {
                    LLVMGetParam(new, index)
                } else {
                    let of = LLVMTypeOf(old);
                    let at = slot_address(builder, self.context, memory, &mut slot, of);
                    let loaded = LLVMBuildLoad2(builder, of, at, c"".as_ptr());
                    LLVMSetAlignment(loaded, SLOT / 8);
                    loaded
                };
                LLVMReplaceAllUsesWith(old, value);
            }
            LLVMDisposeBuilder(builder);
        }
    }
}

/// Replaces one call of `old` by stores and a call of `new`. A caller has one piece of memory for all its calls of a function:
/// it is read before anything else happens, so no two calls need it at the same time.
///
/// # Safety
/// `call` must be a plain call of `old`, and `new` made from it.
unsafe fn store_and_call(
    old: Function,
    new: LLVMValueRef,
    call: Instruction,
    kept: u32,
    memories: &mut HashMap<LLVMValueRef, LLVMValueRef>,
) {
    // SAFETY: as promised by the caller.
    unsafe {
        let call = call.0;
        let count = LLVMGetNumArgOperands(call);
        let arguments: Vec<_> = (0..count)
            .map(|index| LLVMGetOperand(call, index))
            .collect();
        let builder = LLVMCreateBuilderInContext(old.context);

        let caller = LLVMGetBasicBlockParent(LLVMGetInstructionParent(call));
        let memory = *memories.entry(caller).or_insert_with(|| {
            let entry = LLVMGetEntryBasicBlock(caller);
            LLVMPositionBuilderBefore(builder, LLVMGetFirstInstruction(entry));
            let slots = arguments[kept as usize..]
                .iter()
                .map(|value| slots(LLVMTypeOf(*value)));
            let slot = LLVMInt64TypeInContext(old.context);
            let room = LLVMArrayType2(slot, u64::from(slots.sum::<u32>()));
            let memory = LLVMBuildAlloca(builder, room, c"arguments".as_ptr());
            LLVMSetAlignment(memory, SLOT / 8);
            memory
        });

        LLVMPositionBuilderBefore(builder, call);
        let mut slot = 0;
        for value in &arguments[kept as usize..] {
            let of = LLVMTypeOf(*value);
            let at = slot_address(builder, old.context, memory, &mut slot, of);
            LLVMSetAlignment(LLVMBuildStore(builder, *value, at), SLOT / 8);
        }
        let mut passed = arguments[..kept as usize].to_vec();
        passed.push(memory);
        let signature = LLVMGlobalGetValueType(new);
        let (values, number) = (passed.as_mut_ptr(), passed.len() as u32);
        let made = LLVMBuildCall2(builder, signature, new, values, number, c"".as_ptr());
        LLVMSetInstructionCallConv(made, LLVMGetInstructionCallConv(call));
        LLVMInstructionSetDebugLoc(made, LLVMInstructionGetDebugLoc(call));
        for place in places(kept) {
            let mut attributes =
                vec![ptr::null_mut(); LLVMGetCallSiteAttributeCount(call, place) as usize];
            LLVMGetCallSiteAttributes(call, place, attributes.as_mut_ptr());
            for attribute in attributes {
                LLVMAddCallSiteAttribute(made, place, attribute);
            }
        }
        for name in FORGOTTEN {
            LLVMRemoveCallSiteEnumAttribute(made, LLVMAttributeFunctionIndex, attribute_kind(name));
        }
        if LLVMGetTypeKind(LLVMTypeOf(call)) != LLVMTypeKind::LLVMVoidTypeKind {
            LLVMReplaceAllUsesWith(call, made);
        }
        LLVMInstructionEraseFromParent(call);
        LLVMDisposeBuilder(builder);
    }
}

/// Where attributes stand: on the function, on its result, and on the parameters that stay.
fn places(kept: u32) -> impl Iterator<Item = u32> {
    [LLVMAttributeFunctionIndex, LLVMAttributeReturnIndex]
        .into_iter()
        .chain(1..=kept)
}

/// # Safety
/// `of` must be a live type.
unsafe fn slots(of: LLVMTypeRef) -> u32 {
    // SAFETY: as promised by the caller.
    match unsafe { shape(of) } {
        Shape::Integer(bits) => bits.div_ceil(SLOT),
        _ => 1,
    }
}

/// The address of the next value, of type `of`; moves `slot` past it.
///
/// # Safety
/// The builder must be positioned where `memory` can be used.
unsafe fn slot_address(
    builder: LLVMBuilderRef,
    context: LLVMContextRef,
    memory: LLVMValueRef,
    slot: &mut u32,
    of: LLVMTypeRef,
) -> LLVMValueRef {
    // SAFETY: as promised by the caller; the memory has as many slots as all values take.
    unsafe {
        let element = LLVMInt64TypeInContext(context);
        let mut index = LLVMConstInt(element, u64::from(*slot), 0);
        *slot += slots(of);
        LLVMBuildInBoundsGEP2(builder, element, memory, &mut index, 1, c"".as_ptr())
    }
}
