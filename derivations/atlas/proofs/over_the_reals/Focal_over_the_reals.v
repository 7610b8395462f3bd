(* Focal

   A tensor that is computed is a curve: tau moves along it, and a prime marks a slope at tau = 0.
   The claim: if the tensors are what the forward formulas say, and the error signals what the
   printed derivatives say, the derivative of the output's pairing with its error signal is the sum
   of all derivatives times the slopes of what is read. *)

From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat.
From symcnn Require Import reals tactics.
Open Scope R_scope.

Definition Focal : Prop :=
  forall K : nat, (0 < K)%N ->
  forall gamma : R, 0 < gamma ->
  forall t : nat -> R,
  forall (y : nat -> R -> R) (y' : nat -> R),
  (forall q : nat, (q < K)%N -> is_derive (y q) 0 (y' q)) ->
  forall L : R -> R,
  (forall tau, L tau = \sum_(q < K) (- ((1 - t q) * ln (1 - y q tau) * Rpower (y q tau) gamma) - Rpower (1 - y q tau) gamma * ln (y q tau) * t q)) ->
  (forall q : nat, (q < K)%N -> 0 < 1 - y q 0) ->
  (forall q : nat, (q < K)%N -> 0 < y q 0) ->
  forall delta_y : nat -> R,
  (forall q : nat, (q < K)%N -> delta_y q = gamma * Rpower (1 - y q 0) (gamma - 1) * ln (y q 0) * t q + (1 - t q) * Rpower (y q 0) gamma / (1 - y q 0) - gamma * (1 - t q) * ln (1 - y q 0) * Rpower (y q 0) (gamma - 1) - Rpower (1 - y q 0) gamma * t q / y q 0) ->
  is_derive (fun tau => L tau) 0
    ((\sum_(q < K) delta_y q * y' q)).

Theorem Focal_proved : Focal.
Proof.
move=> K pos_K gamma pos_gamma t y y' slope_y L def_L domain0 domain1 delta_y def_delta_y.
pose L' := (\sum_(q < K) (gamma * Rpower (1 - y q 0) (gamma - 1) * ln (y q 0) * t q + (1 - t q) * Rpower (y q 0) gamma / (1 - y q 0) - gamma * (1 - t q) * ln (1 - y q 0) * Rpower (y q 0) (gamma - 1) - Rpower (1 - y q 0) gamma * t q / y q 0) * y' q).
have slope_L : is_derive (L) 0 (L').
  rewrite /L'; along def_L.
  by compares by idtac.
have pair_L : (L') = (\sum_(q < K) ((gamma * Rpower (1 - y q 0) (gamma - 1) * ln (y q 0) * t q + (1 - t q) * Rpower (y q 0) gamma / (1 - y q 0) - gamma * (1 - t q) * ln (1 - y q 0) * Rpower (y q 0) (gamma - 1) - Rpower (1 - y q 0) gamma * t q / y q 0)) * y' q).
  transitivity (((\sum_(q < K) (gamma * Rpower (1 - y q 0) (gamma - 1) * ln (y q 0) * t q + (1 - t q) * Rpower (y q 0) gamma / (1 - y q 0) - gamma * (1 - t q) * ln (1 - y q 0) * Rpower (y q 0) (gamma - 1) - Rpower (1 - y q 0) gamma * t q / y q 0) * y' q))); first by rewrite /L'; spread.
  by exchanges by idtac.
clearbody L'.
have received_y : (\sum_(q < K) delta_y q * (y' q)) = (\sum_(q < K) ((gamma * Rpower (1 - y q 0) (gamma - 1) * ln (y q 0) * t q + (1 - t q) * Rpower (y q 0) gamma / (1 - y q 0) - gamma * (1 - t q) * ln (1 - y q 0) * Rpower (y q 0) (gamma - 1) - Rpower (1 - y q 0) gamma * t q / y q 0)) * y' q).
  by receives (rewrite ?def_delta_y //) by idtac.
eapply derive_equal; first derive.
by cbv beta; move: pair_L received_y; lra.
Qed.

Print Assumptions Focal_proved.
