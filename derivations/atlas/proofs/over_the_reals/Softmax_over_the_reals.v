(* Softmax

   A tensor that is computed is a curve: tau moves along it, and a prime marks a slope at tau = 0.
   The claim: if the tensors are what the forward formulas say, and the error signals what the
   printed derivatives say, the derivative of the output's pairing with its error signal is the sum
   of all derivatives times the slopes of what is read. *)

From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat.
From symcnn Require Import reals tactics.
Open Scope R_scope.

Definition Softmax : Prop :=
  forall C : nat, (0 < C)%N ->
  forall (x : nat -> R -> R) (x' : nat -> R),
  (forall q : nat, (q < C)%N -> is_derive (x q) 0 (x' q)) ->
  forall ell : R -> R,
  (forall tau, ell tau = ln (\sum_(q < C) exp (x q tau))) ->
  forall p : nat -> R -> R,
  (forall tau, forall q : nat, (q < C)%N -> p q tau = exp (x q tau - ell tau)) ->
  forall delta_p : nat -> R,
  forall delta_ell : R,
  (delta_ell = \sum_(q < C) - (delta_p q * p q 0)) ->
  forall delta_x : nat -> R,
  (forall q : nat, (q < C)%N -> delta_x q = delta_ell * p q 0 + delta_p q * p q 0) ->
  is_derive (fun tau => \sum_(q < C) delta_p q * p q tau) 0
    ((\sum_(q < C) delta_x q * x' q)).

Theorem Softmax_proved : Softmax.
Proof.
move=> C pos_C x x' slope_x ell def_ell p def_p delta_p delta_ell def_delta_ell delta_x def_delta_x.
pose ell' := (\sum_(q < C) p q 0 * x' q).
have exp_ell : \sum_(q < C) exp (x q 0) = exp (ell 0).
  by rewrite def_ell // exp_ln //; positive.
have slope_ell : is_derive (ell) 0 (ell').
  rewrite /ell'; along def_ell.
  by rewrite ?exp_ell //; compares by (rewrite ?def_p //).
have pair_ell : (delta_ell * (ell')) = (\sum_(q < C) (delta_ell * p q 0) * x' q).
  transitivity ((delta_ell * ((\sum_(q < C) p q 0 * x' q)))); first by rewrite /ell'; spread.
  by exchanges by (rewrite ?def_p //).
clearbody ell'.
pose p' q := - p q 0 * ell' + p q 0 * x' q.
have slope_p : forall q : nat, (q < C)%N -> is_derive (p q) 0 (p' q).
  move=> q lt_q; rewrite /p'; along def_p.
  by rewrite ?exp_ell //; compares by (rewrite ?def_p //).
have pair_p : (\sum_(q < C) delta_p q * (p' q)) = ((\sum_(q < C) - (delta_p q * p q 0)) * ell') + (\sum_(q < C) (delta_p q * p q 0) * x' q).
  transitivity ((\sum_(q < C) delta_p q * (- p q 0 * ell')) + (\sum_(q < C) delta_p q * (p q 0 * x' q))); first by rewrite /p'; spread.
  by exchanges by (rewrite ?def_p //).
clearbody p'.
have received_ell : (delta_ell * (ell')) = ((\sum_(q < C) - (delta_p q * p q 0)) * ell').
  by receives (rewrite ?def_delta_ell //) by (rewrite ?def_p //).
have received_x : (\sum_(q < C) delta_x q * (x' q)) = (\sum_(q < C) (delta_p q * p q 0) * x' q) + (\sum_(q < C) (delta_ell * p q 0) * x' q).
  by receives (rewrite ?def_delta_x //) by (rewrite ?def_p //).
eapply derive_equal; first derive.
by cbv beta; move: pair_p pair_ell received_ell received_x; lra.
Qed.

Print Assumptions Softmax_proved.
