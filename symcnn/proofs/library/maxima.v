(** Maxima at a unique winner: near the point, the maximum is the winner's entry. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat.
From symcnn Require Import reals.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Open Scope R_scope.

(** [y] is the largest of the [F u] with [u < K] that are inside. *)
Definition largest (K : nat) (inside : nat -> bool) (F : nat -> R) (y : R) : Prop :=
  (exists2 u, (u < K)%N && inside u & y = F u) /\
  forall u, (u < K)%N -> inside u -> F u <= y.

(** The entry [m] is larger than all others. *)
Definition wins (K : nat) (inside : nat -> bool) (F : nat -> R) (m : nat) : Prop :=
  (m < K)%N /\ inside m /\ forall u, (u < K)%N -> inside u -> u <> m -> F u < F m.

(** The routing: 1 at the winner, and 0 elsewhere. *)
Definition routing (m u : nat) : R := if u == m then 1 else 0.

Section Maximum.
Variables (K : nat) (inside : nat -> bool) (F : nat -> R -> R) (F' : nat -> R) (m : nat).
Hypothesis winner : wins K inside (F ^~ 0) m.
Hypothesis slopes : forall u, (u < K)%N -> inside u -> is_derive (F u) 0 (F' u).

Lemma continuous_at u : (u < K)%N -> inside u -> continuous (F u) 0.
Proof.
by move=> lt ins; apply: (ex_derive_continuous (V := R_NormedModule)); exists (F' u); apply: slopes.
Qed.

Lemma wins_near n :
  (n <= K)%N ->
  locally 0 (fun t => forall u, (u < n)%N -> inside u -> u <> m -> F u t < F m t).
Proof.
have [m_lt [m_in beats]] := winner.
elim: n => [|n IH] le; first by apply: filter_forall => t u; rewrite ltn0.
have below : locally 0 (fun t => inside n -> n <> m -> F n t < F m t).
  case n_in : (inside n); last exact: filter_forall.
  case: (n =P m) => [->|neq]; first by apply: filter_forall => t _ [].
  have c : continuous (fun t => F m t - F n t) 0.
    apply: (ex_derive_continuous (V := R_NormedModule)); exists (F' m - F' n).
    by apply: derive_sub; apply: slopes.
  have pos : 0 < F m 0 - F n 0 by have := beats n le n_in neq; lra.
  have near : locally 0 (fun t => 0 < F m t - F n t) := c (fun u => 0 < u) (open_gt 0 _ pos).
  by apply: filter_imp near => t ? _ _; lra.
apply: filter_imp (filter_and _ _ (IH (ltnW le)) below) => t [lower own] u.
rewrite ltnS leq_eqVlt => /orP [/eqP -> //|lt]; exact: lower.
Qed.

(** The derivative of a maximum with a unique winner is the winner's. *)
Theorem derive_largest (y : R -> R) :
  (forall t, largest K inside (F ^~ t) (y t)) -> is_derive y 0 (F' m).
Proof.
have [m_lt [m_in _]] := winner => is_largest.
apply: is_derive_ext_loc (slopes m_lt m_in).
apply: filter_imp (wins_near (leqnn K)) => t beats.
have [[u /andP [u_lt u_in] ->] bound] := is_largest t.
case: (u =P m) => [->//|neq].
by have := beats u u_lt u_in neq; have := bound m m_lt m_in; have := is_largest t; lra.
Qed.

End Maximum.

(** A max pool: window [i] reads the entries [at_ i u] of x that are inside, and [m i] wins. The
    error signal of an entry of x collects those of the windows that it wins. *)
Theorem max_pool (M K H : nat) (at_ : nat -> nat -> nat) (inside : nat -> nat -> bool)
    (x : nat -> R -> R) (x' : nat -> R) (y : nat -> R -> R) (m : nat -> nat) (delta : nat -> R) :
  (forall i u, (i < M)%N -> (u < K)%N -> inside i u -> (at_ i u < H)%N) ->
  (forall r, (r < H)%N -> is_derive (x r) 0 (x' r)) ->
  (forall i, (i < M)%N -> wins K (inside i) (fun u => x (at_ i u) 0) (m i)) ->
  (forall t i, (i < M)%N -> largest K (inside i) (fun u => x (at_ i u) t) (y i t)) ->
  is_derive (fun t => \sum_(i < M) delta i * y i t) 0
    (\sum_(r < H)
       (\sum_(i < M) \sum_(u < K) (if at_ i u == r then routing (m i) u * delta i else 0)) * x' r).
Proof.
move=> bounds slopes winner is_largest.
have slope_y i : (i < M)%N -> is_derive (y i) 0 (x' (at_ i (m i))).
  move=> lt; apply: (derive_largest (F := fun u => x (at_ i u)) (F' := fun u => x' (at_ i u))
                       (winner i lt)) => [u u_lt u_in|t]; last exact: is_largest.
  by apply: slopes; exact: bounds.
apply: derive_equal (derive_sum (f' := fun i => delta i * x' (at_ i (m i))) _) _.
  by move=> i lt; apply: derive_scale; exact: slope_y.
transitivity (\sum_(r < H) \sum_(i < M) (if at_ i (m i) == r then delta i * x' r else 0)).
  rewrite sum_exchange; apply: sum_equal => i lt; have [m_lt [m_in _]] := winner i lt.
  rewrite -(sum_one (fun r => delta i * x' r) (bounds i (m i) lt m_lt m_in)).
  by apply: sum_equal => r _; rewrite eq_sym; case: eqP => _; ring.
apply: sum_equal => r _; rewrite sum_scale_right; apply: sum_equal => i lt.
have [m_lt _] := winner i lt.
rewrite -(sum_one (fun u => if at_ i u == r then delta i * x' r else 0) m_lt).
rewrite sum_scale_right; apply: sum_equal => u _.
by rewrite /routing; case: eqP => _; case: eqP => _; ring.
Qed.
Print Assumptions max_pool.
