//! A module that means the same, and that `wasmi` 2.0.0 understands.
//!
//! It takes `select` together with the comparison with zero before it, drops the comparison, and then chooses by whatever its own
//! register holds if what was compared lies in a local. A condition that is kept in a local of its own it does not take together.

use {
    std::convert::Infallible,
    wasm_encoder::{
        CodeSection, Function, Instruction, Module, ValType,
        reencode::{Error, Reencode, utils::parse_core_module},
    },
    wasmparser::{CustomSectionReader, FunctionBody, Operator, Parser, Payload},
};

type Done<T> = Result<T, Error<Infallible>>;

/// `code`, a valid module, with each condition of a `select` kept.
pub fn unfused(code: &[u8]) -> Done<Vec<u8>> {
    let (mut types, mut parameters) = (Vec::new(), Vec::new());
    for payload in Parser::new(0).parse_all(code) {
        match payload? {
            Payload::TypeSection(section) => {
                for ty in section.into_iter_err_on_gc_types() {
                    types.push(u32::try_from(ty?.params().len()).unwrap_or(u32::MAX));
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    let ty = usize::try_from(ty?).ok().and_then(|ty| types.get(ty));
                    parameters.push(ty.copied().unwrap_or_default());
                }
            }
            _ => {}
        }
    }
    let mut module = Module::new();
    let mut keeping = Keeping(parameters.into_iter());
    parse_core_module(&mut keeping, &mut module, Parser::new(0), code)?;
    Ok(module.finish())
}

/// How many parameters each function has that is still to come.
struct Keeping(std::vec::IntoIter<u32>);

impl Reencode for Keeping {
    type Error = Infallible;

    fn parse_custom_section(
        &mut self,
        _module: &mut Module,
        _section: CustomSectionReader<'_>,
    ) -> Done<()> {
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Done<()> {
        let mut locals = Vec::new();
        let mut kept = self.0.next().unwrap_or_default();
        for local in body.get_locals_reader()? {
            let (count, ty) = local?;
            locals.push((count, self.val_type(ty)?));
            kept = kept.saturating_add(count);
        }
        locals.push((1, ValType::I32));
        let mut function = Function::new(locals);
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let operator = operators.read()?;
            if matches!(operator, Operator::Select | Operator::TypedSelect { .. }) {
                function.instruction(&Instruction::LocalTee(kept));
            }
            function.instruction(&self.instruction(operator)?);
        }
        code.function(&function);
        Ok(())
    }
}
