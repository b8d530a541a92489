; What slashes rely on in src/shares.rs, for all inputs: worth(s) = floor(s * tokens / shares).
;
;     z3 proofs/shares.smt2
;
; answers "unsat" to each check, that is: there is no counterexample. tests/proofs.rs asks, where z3 is installed.

; A pool of tokens and shares, tokens <= shares, and s of these shares, worth q.
(declare-const tokens Int) (declare-const shares Int) (declare-const s Int)
(declare-const q Int) (declare-const r Int)
(assert (and (<= 0 tokens) (<= tokens shares) (<= 1 shares) (<= 0 s) (<= s shares)))
(assert (and (<= 0 q) (<= 0 r) (< r shares) (= (* s tokens) (+ (* q shares) r))))

(push)
; A slash of x, after which s are worth q_after.
(declare-const x Int) (declare-const q_after Int) (declare-const r_after Int)
(assert (and (<= 0 x) (<= x tokens)))
(assert (and (<= 0 q_after) (<= 0 r_after) (< r_after shares)
    (= (* s (- tokens x)) (+ (* q_after shares) r_after))))

(echo "slash: nobody loses more than x: so own stake stays above what is locked, if that falls by x")
(push)
(assert (not (>= q_after (- q x))))
(check-sat)
(pop)

(echo "slash: everybody loses s * x / shares, within less than a unit")
(push)
(assert (not (and
    (< (- (* (- q q_after) shares) (* s x)) shares)
    (< (- (* s x) (* (- q q_after) shares)) shares))))
(check-sat)
(pop)

(echo "slash: so nobody loses more than that proportion rounded up")
(push)
(declare-const up Int)
(assert (and (>= (* up shares) (* s x)) (< (- (* up shares) (* s x)) shares)))
(assert (not (<= (- q q_after) up)))
(check-sat)
(pop)

(echo "slash: nobody gains by it")
(push)
(assert (not (<= q_after q)))
(check-sat)
(pop)
(pop)

(push)
; A deposit of t buys b = floor(t * shares / tokens).
(declare-const t Int) (declare-const b Int) (declare-const rest Int)
(assert (and (<= 1 tokens) (<= 0 t)))
(assert (and (<= 0 b) (<= 0 rest) (< rest tokens) (= (* t shares) (+ (* b tokens) rest))))

(echo "deposit: tokens stay at most shares, and a positive one buys a share")
(push)
(assert (not (and (<= (+ tokens t) (+ shares b)) (>= b t))))
(check-sat)
(pop)

(echo "deposit: a pool that takes one, priced above 1/64, gives fewer than 64 shares a token, and takes the next")
(push)
(assert (and (> (* 64 tokens) shares) (<= 1 t)))
(assert (not (and (< b (* 64 t)) (> (* 64 (+ tokens t)) (+ shares b)))))
(check-sat)
(pop)

(echo "deposit: the price does not fall")
(push)
(assert (not (>= (* (+ tokens t) shares) (* tokens (+ shares b)))))
(check-sat)
(pop)
(pop)

(echo "withdrawal: tokens stay at most shares")
(push)
(assert (not (<= (- tokens q) (- shares s))))
(check-sat)
(pop)

(echo "withdrawal: the price does not fall")
(push)
(assert (not (>= (* (- tokens q) shares) (* tokens (- shares s)))))
(check-sat)
(pop)
