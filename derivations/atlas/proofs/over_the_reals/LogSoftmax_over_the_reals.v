(* LogSoftmax

   A tensor that is computed is a curve: tau moves along it, and a prime marks a slope at tau = 0.
   The claim: if the tensors are what the forward formulas say, and the error signals what the
   printed derivatives say, the derivative of the output's pairing with its error signal is the sum
   of all derivatives times the slopes of what is read. *)

From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat.
From symcnn Require Import reals tactics.
Open Scope R_scope.

Definition LogSoftmax : Prop :=
  forall C : nat, (0 < C)%N ->
  forall (x : nat -> R -> R) (x' : nat -> R),
  (forall q : nat, (q < C)%N -> is_derive (x q) 0 (x' q)) ->
  forall ell : R -> R,
  (forall tau, ell tau = ln (\sum_(q < C) exp (x q tau))) ->
  forall y : nat -> R -> R,
  (forall tau, forall q : nat, (q < C)%N -> y q tau = x q tau - ell tau) ->
  forall delta_y : nat -> R,
  forall delta_ell : R,
  (delta_ell = \sum_(q < C) - delta_y q) ->
  forall delta_x : nat -> R,
  (forall q : nat, (q < C)%N -> delta_x q = exp (x q 0 - ell 0) * delta_ell + delta_y q) ->
  is_derive (fun tau => \sum_(q < C) delta_y q * y q tau) 0
    ((\sum_(q < C) delta_x q * x' q)).

Theorem LogSoftmax_proved : LogSoftmax.
Proof.
move=> C pos_C x x' slope_x ell def_ell y def_y delta_y delta_ell def_delta_ell delta_x def_delta_x.
pose ell' := (\sum_(q < C) exp (x q 0 - ell 0) * x' q).
have exp_ell : \sum_(q < C) exp (x q 0) = exp (ell 0).
  by rewrite def_ell // exp_ln //; positive.
have slope_ell : is_derive (ell) 0 (ell').
  rewrite /ell'; along def_ell.
  by rewrite ?exp_ell //; compares by idtac.
have pair_ell : (delta_ell * (ell')) = (\sum_(q < C) (exp (x q 0 - ell 0) * delta_ell) * x' q).
  transitivity ((delta_ell * ((\sum_(q < C) exp (x q 0 - ell 0) * x' q)))); first by rewrite /ell'; spread.
  by exchanges by idtac.
clearbody ell'.
pose y' q := - 1 * ell' + x' q.
have slope_y : forall q : nat, (q < C)%N -> is_derive (y q) 0 (y' q).
  move=> q lt_q; rewrite /y'; along def_y.
  by rewrite ?exp_ell //; compares by idtac.
have pair_y : (\sum_(q < C) delta_y q * (y' q)) = ((\sum_(q < C) - delta_y q) * ell') + (\sum_(q < C) (delta_y q) * x' q).
  transitivity ((\sum_(q < C) delta_y q * (- 1 * ell')) + (\sum_(q < C) delta_y q * (x' q))); first by rewrite /y'; spread.
  by exchanges by idtac.
clearbody y'.
have received_ell : (delta_ell * (ell')) = ((\sum_(q < C) - delta_y q) * ell').
  by receives (rewrite ?def_delta_ell //) by idtac.
have received_x : (\sum_(q < C) delta_x q * (x' q)) = (\sum_(q < C) (delta_y q) * x' q) + (\sum_(q < C) (exp (x q 0 - ell 0) * delta_ell) * x' q).
  by receives (rewrite ?def_delta_x //) by idtac.
eapply derive_equal; first derive.
by cbv beta; move: pair_y pair_ell received_ell received_x; lra.
Qed.

Print Assumptions LogSoftmax_proved.
