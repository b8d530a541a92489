; Replacements for what LLVM's BPF backend refuses, on 64-bit halves. Linked into every program and always inlined.
; Not internal, else the module linker drops them before the first use. None of them may use what it replaces.

declare i64 @llvm.umax.i64(i64, i64)
; Opaque to the optimiser, free in the ELF: keeps LLVM from recognising the pattern and restoring the refused operation.
declare i64 @llvm.bpf.passthrough.i64.i64(i32, i64)

; In one of the division_by_*.ll files.
declare i128 @sbf.udiv.i128(i128, i128)
declare i128 @sbf.urem.i128(i128, i128)

; a * b overflows exactly if a > MAX / b. A division costs one compute unit on chain, a high half about twenty.
define { i64, i1 } @sbf.umulo.i64(i64 %a, i64 %b) alwaysinline {
  %divisor = call i64 @llvm.umax.i64(i64 %b, i64 1)
  %quotient = udiv i64 -1, %divisor
  %limit = call i64 @llvm.bpf.passthrough.i64.i64(i32 0, i64 %quotient)
  %overflow = icmp ugt i64 %a, %limit
  %product = mul i64 %a, %b
  %1 = insertvalue { i64, i1 } poison, i64 %product, 0
  %2 = insertvalue { i64, i1 } %1, i1 %overflow, 1
  ret { i64, i1 } %2
}

; The high half of the 128-bit product, by 32-bit halves.
define i64 @sbf.mulhi.i64(i64 %a, i64 %b) alwaysinline {
  %al = and i64 %a, 4294967295
  %ah = lshr i64 %a, 32
  %bl = and i64 %b, 4294967295
  %bh = lshr i64 %b, 32
  %ll = mul i64 %al, %bl
  %hl = mul i64 %ah, %bl
  %lh.seen = mul i64 %al, %bh
  %lh = call i64 @llvm.bpf.passthrough.i64.i64(i32 0, i64 %lh.seen)
  %hh = mul i64 %ah, %bh
  %carry = lshr i64 %ll, 32
  %mid = add i64 %hl, %carry
  %mid.low = and i64 %mid, 4294967295
  %mid.high = lshr i64 %mid, 32
  %cross = add i64 %lh, %mid.low
  %cross.high = lshr i64 %cross, 32
  %high = add i64 %hh, %mid.high
  %result = add i64 %high, %cross.high
  ret i64 %result
}

define i128 @sbf.join(i64 %low, i64 %high) alwaysinline {
  %l = zext i64 %low to i128
  %h = zext i64 %high to i128
  %shifted = shl i128 %h, 64
  %result = or i128 %shifted, %l
  ret i128 %result
}

define i64 @sbf.high(i128 %a) alwaysinline {
  %shifted = lshr i128 %a, 64
  %result = trunc i128 %shifted to i64
  ret i64 %result
}

define i128 @sbf.mul.i128(i128 %a, i128 %b) alwaysinline {
  %al = trunc i128 %a to i64
  %bl = trunc i128 %b to i64
  %ah = call i64 @sbf.high(i128 %a)
  %bh = call i64 @sbf.high(i128 %b)
  %low = mul i64 %al, %bl
  %carried = call i64 @sbf.mulhi.i64(i64 %al, i64 %bl)
  %lh = mul i64 %al, %bh
  %hl = mul i64 %ah, %bl
  %1 = add i64 %carried, %lh
  %high = add i64 %1, %hl
  %result = call i128 @sbf.join(i64 %low, i64 %high)
  ret i128 %result
}

define { i128, i1 } @sbf.umulo.i128(i128 %a, i128 %b) alwaysinline {
  %al = trunc i128 %a to i64
  %bl = trunc i128 %b to i64
  %ah = call i64 @sbf.high(i128 %a)
  %bh = call i64 @sbf.high(i128 %b)
  %low = mul i64 %al, %bl
  %carried = call i64 @sbf.mulhi.i64(i64 %al, i64 %bl)
  %lh.checked = call { i64, i1 } @sbf.umulo.i64(i64 %al, i64 %bh)
  %hl.checked = call { i64, i1 } @sbf.umulo.i64(i64 %ah, i64 %bl)
  %lh = extractvalue { i64, i1 } %lh.checked, 0
  %hl = extractvalue { i64, i1 } %hl.checked, 0
  %lh.over = extractvalue { i64, i1 } %lh.checked, 1
  %hl.over = extractvalue { i64, i1 } %hl.checked, 1
  ; Either high half is zero, or the product overflows anyway: so this sum cannot wrap unnoticed.
  %cross = add i64 %lh, %hl
  %high = add i64 %carried, %cross
  %wrapped = icmp ult i64 %high, %cross
  %ah.set = icmp ne i64 %ah, 0
  %bh.set = icmp ne i64 %bh, 0
  %both = and i1 %ah.set, %bh.set
  %1 = or i1 %lh.over, %hl.over
  %2 = or i1 %1, %wrapped
  %overflow = or i1 %2, %both
  %product = call i128 @sbf.join(i64 %low, i64 %high)
  %3 = insertvalue { i128, i1 } poison, i128 %product, 0
  %4 = insertvalue { i128, i1 } %3, i1 %overflow, 1
  ret { i128, i1 } %4
}

; Signed: the overflow is that the high half is not the sign extension of the low half.
define { i64, i1 } @sbf.smulo.i64(i64 %a, i64 %b) alwaysinline {
  %product = mul i64 %a, %b
  %unsigned = call i64 @sbf.mulhi.i64(i64 %a, i64 %b)
  %a.sign = ashr i64 %a, 63
  %b.sign = ashr i64 %b, 63
  %1 = and i64 %a.sign, %b
  %2 = and i64 %b.sign, %a
  %3 = sub i64 %unsigned, %1
  %high = sub i64 %3, %2
  %extension = ashr i64 %product, 63
  %overflow = icmp ne i64 %high, %extension
  %4 = insertvalue { i64, i1 } poison, i64 %product, 0
  %5 = insertvalue { i64, i1 } %4, i1 %overflow, 1
  ret { i64, i1 } %5
}

; All ones if negative, else zero.
define i128 @sbf.sign(i128 %a) alwaysinline {
  %negative = icmp slt i128 %a, 0
  %result = sext i1 %negative to i128
  ret i128 %result
}

; Negates if the sign is all ones.
define i128 @sbf.apply.sign(i128 %a, i128 %sign) alwaysinline {
  %flipped = xor i128 %a, %sign
  %result = sub i128 %flipped, %sign
  ret i128 %result
}

define { i128, i1 } @sbf.smulo.i128(i128 %a, i128 %b) alwaysinline {
  %a.sign = call i128 @sbf.sign(i128 %a)
  %b.sign = call i128 @sbf.sign(i128 %b)
  %a.abs = call i128 @sbf.apply.sign(i128 %a, i128 %a.sign)
  %b.abs = call i128 @sbf.apply.sign(i128 %b, i128 %b.sign)
  %checked = call { i128, i1 } @sbf.umulo.i128(i128 %a.abs, i128 %b.abs)
  %abs = extractvalue { i128, i1 } %checked, 0
  %too.wide = extractvalue { i128, i1 } %checked, 1
  %sign = xor i128 %a.sign, %b.sign
  %product = call i128 @sbf.apply.sign(i128 %abs, i128 %sign)
  ; The product must be zero or have the expected sign.
  %wrong.bits = xor i128 %product, %sign
  %wrong.sign = icmp slt i128 %wrong.bits, 0
  %nonzero = icmp ne i128 %product, 0
  %bad = and i1 %wrong.sign, %nonzero
  %overflow = or i1 %too.wide, %bad
  %1 = insertvalue { i128, i1 } poison, i128 %product, 0
  %2 = insertvalue { i128, i1 } %1, i1 %overflow, 1
  ret { i128, i1 } %2
}

define i128 @sbf.sdiv.i128(i128 %a, i128 %b) alwaysinline {
  %a.sign = call i128 @sbf.sign(i128 %a)
  %b.sign = call i128 @sbf.sign(i128 %b)
  %a.abs = call i128 @sbf.apply.sign(i128 %a, i128 %a.sign)
  %b.abs = call i128 @sbf.apply.sign(i128 %b, i128 %b.sign)
  %quotient = call i128 @sbf.udiv.i128(i128 %a.abs, i128 %b.abs)
  %sign = xor i128 %a.sign, %b.sign
  %result = call i128 @sbf.apply.sign(i128 %quotient, i128 %sign)
  ret i128 %result
}

; The remainder has the sign of the dividend.
define i128 @sbf.srem.i128(i128 %a, i128 %b) alwaysinline {
  %a.sign = call i128 @sbf.sign(i128 %a)
  %b.sign = call i128 @sbf.sign(i128 %b)
  %a.abs = call i128 @sbf.apply.sign(i128 %a, i128 %a.sign)
  %b.abs = call i128 @sbf.apply.sign(i128 %b, i128 %b.sign)
  %remainder = call i128 @sbf.urem.i128(i128 %a.abs, i128 %b.abs)
  %result = call i128 @sbf.apply.sign(i128 %remainder, i128 %a.sign)
  ret i128 %result
}

; Shifts by less than 64 move bits across the halves in two steps, because a single shift by 64 would be poison.
define i128 @sbf.shl.i128(i128 %a, i128 %by) alwaysinline {
  %low = trunc i128 %a to i64
  %high = call i64 @sbf.high(i128 %a)
  %n = trunc i128 %by to i64
  %m = and i64 %n, 63
  %rest = xor i64 %m, 63
  %low.moved = shl i64 %low, %m
  %high.moved = shl i64 %high, %m
  %1 = lshr i64 %low, 1
  %crossing = lshr i64 %1, %rest
  %high.small = or i64 %high.moved, %crossing
  %bit = and i64 %n, 64
  %big = icmp ne i64 %bit, 0
  %high.result = select i1 %big, i64 %low.moved, i64 %high.small
  %low.result = select i1 %big, i64 0, i64 %low.moved
  %result = call i128 @sbf.join(i64 %low.result, i64 %high.result)
  ret i128 %result
}

define i128 @sbf.lshr.i128(i128 %a, i128 %by) alwaysinline {
  %low = trunc i128 %a to i64
  %high = call i64 @sbf.high(i128 %a)
  %n = trunc i128 %by to i64
  %m = and i64 %n, 63
  %rest = xor i64 %m, 63
  %high.moved = lshr i64 %high, %m
  %low.moved = lshr i64 %low, %m
  %1 = shl i64 %high, 1
  %crossing = shl i64 %1, %rest
  %low.small = or i64 %low.moved, %crossing
  %bit = and i64 %n, 64
  %big = icmp ne i64 %bit, 0
  %low.result = select i1 %big, i64 %high.moved, i64 %low.small
  %high.result = select i1 %big, i64 0, i64 %high.moved
  %result = call i128 @sbf.join(i64 %low.result, i64 %high.result)
  ret i128 %result
}

define i128 @sbf.ashr.i128(i128 %a, i128 %by) alwaysinline {
  %low = trunc i128 %a to i64
  %high = call i64 @sbf.high(i128 %a)
  %n = trunc i128 %by to i64
  %m = and i64 %n, 63
  %rest = xor i64 %m, 63
  %high.moved = ashr i64 %high, %m
  %low.moved = lshr i64 %low, %m
  %1 = shl i64 %high, 1
  %crossing = shl i64 %1, %rest
  %low.small = or i64 %low.moved, %crossing
  %bit = and i64 %n, 64
  %big = icmp ne i64 %bit, 0
  %sign = ashr i64 %high, 63
  %low.result = select i1 %big, i64 %high.moved, i64 %low.small
  %high.result = select i1 %big, i64 %sign, i64 %high.moved
  %result = call i128 @sbf.join(i64 %low.result, i64 %high.result)
  ret i128 %result
}
