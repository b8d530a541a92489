; For routines that take a pointer to the result and two numbers, as those of solana-compiler-builtins do.

declare void @__udivti3(ptr, i128, i128)
declare void @__umodti3(ptr, i128, i128)

define i128 @sbf.udiv.i128(i128 %a, i128 %b) alwaysinline {
  %result.at = alloca i128, align 16
  call void @__udivti3(ptr %result.at, i128 %a, i128 %b)
  %result = load i128, ptr %result.at, align 16
  ret i128 %result
}

define i128 @sbf.urem.i128(i128 %a, i128 %b) alwaysinline {
  %result.at = alloca i128, align 16
  call void @__umodti3(ptr %result.at, i128 %a, i128 %b)
  %result = load i128, ptr %result.at, align 16
  ret i128 %result
}
