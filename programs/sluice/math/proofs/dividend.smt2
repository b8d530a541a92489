; What src/dividend.rs says of itself, at full width: limbs of 64 bits, for all inputs and all histories.
;
;     z3 proofs/dividend.smt2
;
; answers "unsat" to each check, that is: there is no counterexample. tests/proofs.rs asks, where z3 is installed. Limbs are integers and each operation of the source is written as what it computes modulo 2^64,
; so that a proof of "does not wrap" is part of each theorem.

(define-fun W () Int 18446744073709551616)
(define-fun H () Int 4294967296)
(define-fun limb ((x Int)) Bool (and (<= 0 x) (< x W)))
(define-fun half ((x Int)) Bool (and (<= 0 x) (< x H)))

(echo "mul_wide: the limbs are the product, and no operation but the named shift wraps")
(push)
; The four products of halves, by all that is known of them: each factor is at most H - 1.
(declare-const a0b0 Int) (declare-const a0b1 Int) (declare-const a1b0 Int) (declare-const a1b1 Int)
(define-fun factor ((x Int)) Bool (and (<= 0 x) (<= x (* (- H 1) (- H 1)))))
(assert (and (factor a0b0) (factor a0b1) (factor a1b0) (factor a1b1)))
(define-fun cross () Int (+ a1b0 (div a0b0 H)))
(define-fun middle () Int (+ a0b1 (mod cross H)))
(define-fun top () Int (+ a1b1 (div cross H) (div middle H)))
(define-fun low () Int (+ (mod (* middle H) W) (mod a0b0 H)))
(assert (not (and (limb cross) (limb middle) (limb top) (limb low)
    (= (+ (* top W) low) (+ (* a1b1 W) (* (+ a1b0 a0b1) H) a0b0)))))
(check-sat)
(pop)

(echo "add: div_wide has a quotient, and the limbs are the exact quotient and remainder for any rem")
(push)
(declare-const amount Int) (declare-const rem Int) (declare-const shares Int)
(assert (and (limb amount) (limb rem) (limb shares) (>= shares 1)))
; amount = whole * shares + left, as u64 division has it.
(declare-const whole Int) (declare-const left Int)
(assert (and (<= 0 whole) (<= 0 left) (< left shares) (= amount (+ (* whole shares) left))))
; left * 2^64 + rem = part * shares + kept, as div_wide has it: part fits if left < shares.
(declare-const part Int) (declare-const kept Int)
(assert (and (<= 0 part) (<= 0 kept) (< kept shares) (= (+ (* left W) rem) (+ (* part shares) kept))))
(assert (not (and (limb whole) (limb part) (limb kept)
    (= (+ (* amount W) rem) (+ (* (+ (* whole W) part) shares) kept)))))
(check-sat)
(pop)

(echo "add: the limbs of the new index are the sum modulo 2^128, whatever the sum")
(push)
(declare-const integer Int) (declare-const fraction Int) (declare-const whole Int) (declare-const part Int)
(assert (and (limb integer) (limb fraction) (limb whole) (limb part)))
(define-fun carry () Int (ite (>= (+ fraction part) W) 1 0))
(define-fun new_fraction () Int (mod (+ fraction part) W))
(define-fun new_integer () Int (mod (+ (mod (+ integer whole) W) carry) W))
(define-fun sum () Int (+ (* (+ integer whole) W) fraction part))
(assert (not (and (limb new_integer) (limb new_fraction)
    (= (+ (* new_integer W) new_fraction) (mod sum (* W W))))))
(check-sat)
(pop)

(echo "accrued: the limbs of the difference are index - seen modulo 2^128")
(push)
(declare-const i1 Int) (declare-const i0 Int) (declare-const s1 Int) (declare-const s0 Int)
(assert (and (limb i1) (limb i0) (limb s1) (limb s0)))
(define-fun borrow () Int (ite (< i0 s0) 1 0))
(define-fun fraction () Int (mod (- i0 s0) W))
(define-fun integer () Int (mod (- (mod (- i1 s1) W) borrow) W))
(assert (not (and (limb integer) (limb fraction)
    (= (+ (* integer W) fraction) (mod (- (+ (* i1 W) i0) (+ (* s1 W) s0)) (* W W))))))
(check-sat)
(pop)

(echo "accrued: the limbs are shares * difference + frac, and it is refused exactly if that has no limbs")
(push)
(declare-const integer Int) (declare-const fraction Int) (declare-const shares Int) (declare-const frac Int)
(assert (and (limb integer) (limb fraction) (limb shares) (limb frac)))
; The two products as mul_wide has them.
(declare-const above Int) (declare-const whole Int) (declare-const more Int) (declare-const low Int)
(assert (and (limb above) (limb whole) (= (* shares integer) (+ (* above W) whole))))
(assert (and (limb more) (limb low) (= (* shares fraction) (+ (* more W) low))))
(define-fun carry () Int (ite (>= (+ low frac) W) 1 0))
(define-fun new_frac () Int (mod (+ low frac) W))
(define-fun new_whole () Int (+ whole more carry))
(define-fun refused () Bool
    (or (not (= above 0)) (not (limb (+ whole more))) (not (limb new_whole))))
; shares * difference, multiplied out over the limbs of the difference.
(define-fun earned () Int (+ (* shares integer W) (* shares fraction) frac))
(assert (not (and
    (= refused (>= earned (* W W)))
    (=> (not refused) (= earned (+ (* new_whole W) new_frac))))))
(check-sat)
(pop)

; An invariant of any history, by induction over its steps. It holds at the start, where everything is 0.
;   due * 2^64 + frac + shares * risen + others + rem = held * 2^64 + spare
; for any one position, with nothing negative. risen = true index - true seen, as if nothing wrapped; others is the
; same sum over all other positions, also those that closed, in units of 2^-64 base units; held is total in - total
; paid out, which has a limb because it lies in the vault; spare is the rem that the last vault's end left.
; Neither total in nor the true index has any bound.
(declare-const rem Int) (declare-const held Int) (declare-const others Int) (declare-const spare Int)
(declare-const due Int) (declare-const frac Int) (declare-const shares Int) (declare-const risen Int)
(assert (and (limb rem) (limb held) (limb spare) (<= 0 others) (<= 0 due) (limb frac) (limb shares) (<= 0 risen)))
(declare-const accrual Int)
(assert (and (<= 0 accrual) (= accrual (* shares risen))))
(assert (= (+ (* due W) frac accrual others rem) (+ (* held W) spare)))

(echo "history: the true difference has its limbs if there is a share")
(push)
(assert (>= shares 1))
; shares * risen is at least risen.
(assert (<= 0 (* (- shares 1) risen)))
(assert (not (< risen (* W W))))
(check-sat)
(pop)

(echo "history: so the difference of what wrapped is the true one, from any index on")
(push)
(declare-const true_index Int) (declare-const true_seen Int)
(declare-const rounds Int) (declare-const rounds_seen Int) (declare-const index Int) (declare-const seen Int)
(assert (and (<= 0 index) (< index (* W W)) (= true_index (+ index (* rounds W W)))))
(assert (and (<= 0 seen) (< seen (* W W)) (= true_seen (+ seen (* rounds_seen W W)))))
(assert (= risen (- true_index true_seen)))
(assert (< risen (* W W)))
(assert (not (= (mod (- index seen) (* W W)) risen)))
(check-sat)
(pop)

(echo "history: without shares an accrual is nothing, whatever the difference")
(push)
(declare-const difference Int) (declare-const new_whole Int) (declare-const new_frac Int)
(assert (= shares 0))
(assert (and (<= 0 new_whole) (limb new_frac)))
(assert (= (+ (* shares difference) frac) (+ (* new_whole W) new_frac)))
(assert (not (and (= new_whole 0) (= new_frac frac) (= accrual 0))))
(check-sat)
(pop)

(echo "history: an accrual is not refused, nor is its sum with what was due, which lies in the vault")
(push)
(declare-const new_whole Int) (declare-const new_frac Int)
(assert (and (<= 0 new_whole) (limb new_frac)))
(assert (= (+ accrual frac) (+ (* new_whole W) new_frac)))
(assert (not (and (< (+ accrual frac) (* W W))
    (limb new_whole) (limb (+ due new_whole)) (<= (+ due new_whole) held))))
(check-sat)
(pop)

(echo "history: a position that opens now starts with it")
(push)
(assert (not (= (+ 0 0 (* 0 risen) (+ (* due W) frac accrual others) rem) (+ (* held W) spare))))
(check-sat)
(pop)

(echo "history: an addition keeps it, the others having the rest of all shares")
(push)
(declare-const amount Int) (declare-const all Int) (declare-const q Int) (declare-const kept Int)
(assert (and (limb amount) (limb all) (>= all 1) (<= shares all)))
(assert (and (<= 0 q) (<= 0 kept) (< kept all) (= (+ (* q all) kept) (+ (* amount W) rem))))
(define-fun others_after () Int (+ others (* (- all shares) q)))
(assert (<= 0 (* (- all shares) q)))
(assert (not (and (<= 0 others_after) (limb kept)
    (= (+ (* due W) frac (* shares (+ risen q)) others_after kept) (+ (* (+ held amount) W) spare)))))
(check-sat)
(pop)

(echo "history: settling, and any change of the position's shares after it, keeps it")
(push)
(declare-const new_whole Int) (declare-const new_frac Int) (declare-const shares_after Int)
(assert (and (limb new_whole) (limb new_frac) (limb shares_after)))
(assert (= (+ accrual frac) (+ (* new_whole W) new_frac)))
(assert (not (= (+ (* (+ due new_whole) W) new_frac (* shares_after 0) others rem) (+ (* held W) spare))))
(check-sat)
(pop)

(echo "history: paying the position keeps it")
(push)
(define-fun held_after () Int (- held due))
(assert (not (and (limb held_after) (= (+ (* 0 W) frac accrual others rem) (+ (* held_after W) spare)))))
(check-sat)
(pop)

(echo "history: paying another what it is due keeps it")
(push)
(declare-const paid Int)
(assert (and (<= 0 paid) (<= (* paid W) others)))
(define-fun others_after () Int (- others (* paid W)))
(define-fun held_after () Int (- held paid))
(assert (not (and (<= 0 others_after) (limb held_after)
    (= (+ (* due W) frac accrual others_after rem) (+ (* held_after W) spare)))))
(check-sat)
(pop)

(echo "history: the end of a vault, when no position is left, starts it anew")
(push)
; All that closed positions left is among others, which count no more; nothing is held.
(assert (not (and (limb rem) (= (+ (* 0 W) 0 (* 0 risen) 0 rem) (+ (* 0 W) rem)))))
(check-sat)
(pop)
