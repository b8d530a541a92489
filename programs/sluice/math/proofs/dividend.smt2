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

(echo "add: the limbs of the new index are the sum, and it is refused exactly if that has no limbs")
(push)
(declare-const integer Int) (declare-const fraction Int) (declare-const whole Int) (declare-const part Int)
(assert (and (limb integer) (limb fraction) (limb whole) (limb part)))
(define-fun carry () Int (ite (>= (+ fraction part) W) 1 0))
(define-fun new_fraction () Int (mod (+ fraction part) W))
(define-fun new_integer () Int (+ integer whole carry))
(define-fun refused () Bool (or (not (limb (+ integer whole))) (not (limb new_integer))))
(define-fun sum () Int (+ (* (+ integer whole) W) fraction part))
(assert (not (and (= (+ (* new_integer W) new_fraction) sum) (= refused (>= sum (* W W))))))
(check-sat)
(pop)

(echo "accrued: the limbs are shares * (index - seen) + frac, and it is refused exactly if that has no limbs")
(push)
(declare-const i1 Int) (declare-const i0 Int) (declare-const s1 Int) (declare-const s0 Int)
(declare-const shares Int) (declare-const frac Int)
(assert (and (limb i1) (limb i0) (limb s1) (limb s0) (limb shares) (limb frac)))
(define-fun borrow () Int (ite (< i0 s0) 1 0))
(define-fun fraction () Int (mod (- i0 s0) W))
(define-fun integer () Int (- i1 s1 borrow))
(define-fun backwards () Bool (or (< i1 s1) (< integer 0)))
; The two products as mul_wide has them.
(declare-const above Int) (declare-const whole Int) (declare-const more Int) (declare-const low Int)
(assert (=> (not backwards)
    (and (limb above) (limb whole) (= (* shares integer) (+ (* above W) whole)))))
(assert (and (limb more) (limb low) (= (* shares fraction) (+ (* more W) low))))
(define-fun carry () Int (ite (>= (+ low frac) W) 1 0))
(define-fun new_frac () Int (mod (+ low frac) W))
(define-fun new_whole () Int (+ whole more carry))
(define-fun risen () Int (- (+ (* i1 W) i0) (* s1 W) s0))
(define-fun refused () Bool
    (or (not (= above 0)) (not (limb (+ whole more))) (not (limb new_whole))))
; shares * risen, multiplied out over the limbs of the difference.
(define-fun earned () Int (+ (* shares integer W) (* shares fraction) frac))
(assert (not (and
    (= backwards (< risen 0))
    (=> (not backwards) (and
        (= risen (+ (* integer W) fraction))
        (= refused (>= earned (* W W)))
        (=> (not refused) (= earned (+ (* new_whole W) new_frac))))))))
(check-sat)
(pop)

; An invariant of any history, by induction over its steps. It holds at the start, where everything is 0.
;   index + rem <= total_in * 2^64
;   earned + shares * risen + rem <= total_in * 2^64
; risen = index - seen; earned is all a position was ever paid or is due, and its frac, in units of 2^-64.
(declare-const index Int) (declare-const rem Int) (declare-const total_in Int)
(declare-const earned Int) (declare-const shares Int) (declare-const risen Int)
(assert (and (<= 0 index) (<= 0 rem) (<= 0 earned) (<= 0 risen) (limb shares)))
(assert (limb total_in))
(assert (<= (+ index rem) (* total_in W)))
(assert (<= (+ earned (* shares risen) rem) (* total_in W)))

(echo "history: a position that opens now starts with both")
(push)
(assert (not (<= (+ 0 (* shares 0) rem) (* total_in W))))
(check-sat)
(pop)

(echo "history: an addition keeps both, if the position has at most all shares")
(push)
(declare-const amount Int) (declare-const all Int) (declare-const q Int) (declare-const kept Int)
(assert (and (limb amount) (limb all) (>= all 1) (<= shares all)))
(assert (and (<= 0 q) (<= 0 kept) (= (+ (* q all) kept) (+ (* amount W) rem))))
(define-fun total () Int (+ total_in amount))
(assert (not (and
    (<= (+ index q kept) (* total W))
    (<= (+ earned (* shares (+ risen q)) kept) (* total W)))))
(check-sat)
(pop)

(echo "history: settling, and any change of the position's shares after it, keeps both")
(push)
(declare-const shares_after Int)
(assert (limb shares_after))
(define-fun earned_after () Int (+ earned (* shares risen)))
(assert (not (<= (+ earned_after (* shares_after 0) rem) (* total_in W))))
(check-sat)
(pop)

(echo "history: so the index has its limbs, and all a position ever earned fits one")
(push)
(assert (not (and (< index (* W W)) (< (+ earned (* shares risen)) (* W W)))))
(check-sat)
(pop)
