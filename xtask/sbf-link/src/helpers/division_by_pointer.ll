; For routines that take pointers to the result, the dividend and the divisor, as those of compiler_builtins do.

declare void @__udivti3(ptr, ptr, ptr)
declare void @__umodti3(ptr, ptr, ptr)

define i128 @sbf.udiv.i128(i128 %a, i128 %b) alwaysinline {
  %result.at = alloca i128, align 16
  %a.at = alloca i128, align 16
  %b.at = alloca i128, align 16
  store i128 %a, ptr %a.at, align 16
  store i128 %b, ptr %b.at, align 16
  call void @__udivti3(ptr %result.at, ptr %a.at, ptr %b.at)
  %result = load i128, ptr %result.at, align 16
  ret i128 %result
}

define i128 @sbf.urem.i128(i128 %a, i128 %b) alwaysinline {
  %result.at = alloca i128, align 16
  %a.at = alloca i128, align 16
  %b.at = alloca i128, align 16
  store i128 %a, ptr %a.at, align 16
  store i128 %b, ptr %b.at, align 16
  call void @__umodti3(ptr %result.at, ptr %a.at, ptr %b.at)
  %result = load i128, ptr %result.at, align 16
  ret i128 %result
}
