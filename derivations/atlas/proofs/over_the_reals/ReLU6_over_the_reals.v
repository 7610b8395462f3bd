(* ReLU6

   A tensor that is computed is a curve: tau moves along it, and a prime marks a slope at tau = 0.
   The claim: if the tensors are what the forward formulas say, and the error signals what the
   printed derivatives say, the derivative of the output's pairing with its error signal is the sum
   of all derivatives times the slopes of what is read. *)

From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat.
From symcnn Require Import reals tactics.
Open Scope R_scope.

Definition ReLU6 : Prop :=
  forall C : nat, (0 < C)%N ->
  forall (x : nat -> R -> R) (x' : nat -> R),
  (forall q : nat, (q < C)%N -> is_derive (x q) 0 (x' q)) ->
  forall a : nat -> R -> R,
  (forall tau, forall q : nat, (q < C)%N -> a q tau = 6 * at_least (x q tau) 6 + (above (x q tau) 0 * above 6 (x q tau)) * x q tau) ->
  (forall q : nat, (q < C)%N -> x q 0 <> 0) ->
  (forall q : nat, (q < C)%N -> 6 - x q 0 <> 0) ->
  (forall q : nat, (q < C)%N -> x q 0 - 6 <> 0) ->
  forall delta_a : nat -> R,
  forall delta_x : nat -> R,
  (forall q : nat, (q < C)%N -> delta_x q = (above (x q 0) 0 * above 6 (x q 0)) * delta_a q) ->
  is_derive (fun tau => \sum_(q < C) delta_a q * a q tau) 0
    ((\sum_(q < C) delta_x q * x' q)).

Theorem ReLU6_proved : ReLU6.
Proof.
move=> C pos_C x x' slope_x a def_a domain0 domain1 domain2 delta_a delta_x def_delta_x.
pose a' q := (above (x q 0) 0 * above 6 (x q 0)) * x' q.
have slope_a : forall q : nat, (q < C)%N -> is_derive (a q) 0 (a' q).
  move=> q lt_q; rewrite /a'; along def_a.
  by compares by idtac.
have pair_a : (\sum_(q < C) delta_a q * (a' q)) = (\sum_(q < C) ((above (x q 0) 0 * above 6 (x q 0)) * delta_a q) * x' q).
  transitivity ((\sum_(q < C) delta_a q * ((above (x q 0) 0 * above 6 (x q 0)) * x' q))); first by rewrite /a'; spread.
  by exchanges by idtac.
clearbody a'.
have received_x : (\sum_(q < C) delta_x q * (x' q)) = (\sum_(q < C) ((above (x q 0) 0 * above 6 (x q 0)) * delta_a q) * x' q).
  by receives (rewrite ?def_delta_x //) by idtac.
eapply derive_equal; first derive.
by cbv beta; move: pair_a received_x; lra.
Qed.

Print Assumptions ReLU6_proved.
