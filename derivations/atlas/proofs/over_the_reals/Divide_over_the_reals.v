(* Divide

   A tensor that is computed is a curve: tau moves along it, and a prime marks a slope at tau = 0.
   The claim: if the tensors are what the forward formulas say, and the error signals what the
   printed derivatives say, the derivative of the output's pairing with its error signal is the sum
   of all derivatives times the slopes of what is read. *)

From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat.
From symcnn Require Import reals tactics.
Open Scope R_scope.

Definition Divide : Prop :=
  forall C : nat, (0 < C)%N ->
  forall (a : nat -> R -> R) (a' : nat -> R),
  (forall q : nat, (q < C)%N -> is_derive (a q) 0 (a' q)) ->
  forall (b : nat -> R -> R) (b' : nat -> R),
  (forall q : nat, (q < C)%N -> is_derive (b q) 0 (b' q)) ->
  forall y : nat -> R -> R,
  (forall tau, forall q : nat, (q < C)%N -> y q tau = a q tau / b q tau) ->
  (forall q : nat, (q < C)%N -> b q 0 <> 0) ->
  forall delta_y : nat -> R,
  forall delta_a : nat -> R,
  (forall q : nat, (q < C)%N -> delta_a q = delta_y q / b q 0) ->
  forall delta_b : nat -> R,
  (forall q : nat, (q < C)%N -> delta_b q = - (a q 0 * delta_y q / b q 0 ^ 2)) ->
  is_derive (fun tau => \sum_(q < C) delta_y q * y q tau) 0
    ((\sum_(q < C) delta_a q * a' q) + (\sum_(q < C) delta_b q * b' q)).

Theorem Divide_proved : Divide.
Proof.
move=> C pos_C a a' slope_a b b' slope_b y def_y domain0 delta_y delta_a def_delta_a delta_b def_delta_b.
pose y' q := - (a q 0 / b q 0 ^ 2) * b' q + / b q 0 * a' q.
have slope_y : forall q : nat, (q < C)%N -> is_derive (y q) 0 (y' q).
  move=> q lt_q; rewrite /y'; along def_y.
  by compares by idtac.
have pair_y : (\sum_(q < C) delta_y q * (y' q)) = (\sum_(q < C) (- (a q 0 * delta_y q / b q 0 ^ 2)) * b' q) + (\sum_(q < C) (delta_y q / b q 0) * a' q).
  transitivity ((\sum_(q < C) delta_y q * (- (a q 0 / b q 0 ^ 2) * b' q)) + (\sum_(q < C) delta_y q * (/ b q 0 * a' q))); first by rewrite /y'; spread.
  by exchanges by idtac.
clearbody y'.
have received_a : (\sum_(q < C) delta_a q * (a' q)) = (\sum_(q < C) (delta_y q / b q 0) * a' q).
  by receives (rewrite ?def_delta_a //) by idtac.
have received_b : (\sum_(q < C) delta_b q * (b' q)) = (\sum_(q < C) (- (a q 0 * delta_y q / b q 0 ^ 2)) * b' q).
  by receives (rewrite ?def_delta_b //) by idtac.
eapply derive_equal; first derive.
by cbv beta; move: pair_y received_a received_b; lra.
Qed.

Print Assumptions Divide_proved.
