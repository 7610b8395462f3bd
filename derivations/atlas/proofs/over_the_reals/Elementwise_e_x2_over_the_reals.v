(* Elementwise, e^(-x²)

   A tensor that is computed is a curve: tau moves along it, and a prime marks a slope at tau = 0.
   The claim: if the tensors are what the forward formulas say, and the error signals what the
   printed derivatives say, the derivative of the output's pairing with its error signal is the sum
   of all derivatives times the slopes of what is read. *)

From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat.
From symcnn Require Import reals tactics.
Open Scope R_scope.

Definition Elementwise_e_x2 : Prop :=
  forall C : nat, (0 < C)%N ->
  forall (x : nat -> R -> R) (x' : nat -> R),
  (forall q : nat, (q < C)%N -> is_derive (x q) 0 (x' q)) ->
  forall y : nat -> R -> R,
  (forall tau, forall q : nat, (q < C)%N -> y q tau = exp (- x q tau ^ 2)) ->
  forall delta_y : nat -> R,
  forall delta_x : nat -> R,
  (forall q : nat, (q < C)%N -> delta_x q = - (2 * delta_y q * x q 0 * y q 0)) ->
  is_derive (fun tau => \sum_(q < C) delta_y q * y q tau) 0
    ((\sum_(q < C) delta_x q * x' q)).

Theorem Elementwise_e_x2_proved : Elementwise_e_x2.
Proof.
move=> C pos_C x x' slope_x y def_y delta_y delta_x def_delta_x.
pose y' q := - (2 * x q 0 * y q 0) * x' q.
have slope_y : forall q : nat, (q < C)%N -> is_derive (y q) 0 (y' q).
  move=> q lt_q; rewrite /y'; along def_y.
  by compares by (rewrite ?def_y //).
have pair_y : (\sum_(q < C) delta_y q * (y' q)) = (\sum_(q < C) (- (2 * delta_y q * x q 0 * y q 0)) * x' q).
  transitivity ((\sum_(q < C) delta_y q * (- (2 * x q 0 * y q 0) * x' q))); first by rewrite /y'; spread.
  by exchanges by (rewrite ?def_y //).
clearbody y'.
have received_x : (\sum_(q < C) delta_x q * (x' q)) = (\sum_(q < C) (- (2 * delta_y q * x q 0 * y q 0)) * x' q).
  by receives (rewrite ?def_delta_x //) by (rewrite ?def_y //).
eapply derive_equal; first derive.
by cbv beta; move: pair_y received_x; lra.
Qed.

Print Assumptions Elementwise_e_x2_proved.
