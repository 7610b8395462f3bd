(* SoftmaxCrossEntropy (label smoothing α)

   A tensor that is computed is a curve: tau moves along it, and a prime marks a slope at tau = 0.
   The claim: if the tensors are what the forward formulas say, and the error signals what the
   printed derivatives say, the derivative of the output's pairing with its error signal is the sum
   of all derivatives times the slopes of what is read. *)

From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat.
From symcnn Require Import reals tactics.
Open Scope R_scope.

Definition SoftmaxCrossEntropy_label_smoothing_alpha : Prop :=
  forall K : nat, (0 < K)%N ->
  forall alpha : R, 
  forall t : nat -> R,
  forall (y : nat -> R -> R) (y' : nat -> R),
  (forall q : nat, (q < K)%N -> is_derive (y q) 0 (y' q)) ->
  forall ell : R -> R,
  (forall tau, ell tau = ln (\sum_(q < K) exp (y q tau))) ->
  forall p : nat -> R -> R,
  (forall tau, forall q : nat, (q < K)%N -> p q tau = exp (y q tau - ell tau)) ->
  forall L : R -> R,
  (forall tau, L tau = ell tau + \sum_(q < K) - ((alpha / INR K + (1 - alpha) * t q) * y q tau)) ->
  forall delta_y : nat -> R,
  (forall q : nat, (q < K)%N -> delta_y q = p q 0 - alpha / INR K - (1 - alpha) * t q) ->
  is_derive (fun tau => L tau) 0
    ((\sum_(q < K) delta_y q * y' q)).

Theorem SoftmaxCrossEntropy_label_smoothing_alpha_proved : SoftmaxCrossEntropy_label_smoothing_alpha.
Proof.
move=> K pos_K alpha t y y' slope_y ell def_ell p def_p L def_L delta_y def_delta_y.
pose ell' := (\sum_(q < K) p q 0 * y' q).
have exp_ell : \sum_(q < K) exp (y q 0) = exp (ell 0).
  by rewrite def_ell // exp_ln //; positive.
have slope_ell : is_derive (ell) 0 (ell').
  rewrite /ell'; along def_ell.
  by rewrite ?exp_ell //; compares by (rewrite ?def_p //).
have pair_ell : (ell') = (\sum_(q < K) (p q 0) * y' q).
  transitivity (((\sum_(q < K) p q 0 * y' q))); first by rewrite /ell'; spread.
  by exchanges by (rewrite ?def_p //).
clearbody ell'.
pose L' := (\sum_(q < K) (- (alpha / INR K) - (1 - alpha) * t q) * y' q) + ell'.
have slope_L : is_derive (L) 0 (L').
  rewrite /L'; along def_L.
  by rewrite ?exp_ell //; compares by (rewrite ?def_p //).
have pair_L : (L') = (\sum_(q < K) ((- (alpha / INR K) - (1 - alpha) * t q)) * y' q) + ((1) * ell').
  transitivity (((\sum_(q < K) (- (alpha / INR K) - (1 - alpha) * t q) * y' q)) + (ell')); first by rewrite /L'; spread.
  by exchanges by (rewrite ?def_p //).
clearbody L'.
have received_ell : (ell') = ((1) * ell').
  by receives idtac by (rewrite ?def_p //).
have received_y : (\sum_(q < K) delta_y q * (y' q)) = (\sum_(q < K) ((- (alpha / INR K) - (1 - alpha) * t q)) * y' q) + (\sum_(q < K) (p q 0) * y' q).
  by receives (rewrite ?def_delta_y //) by (rewrite ?def_p //).
eapply derive_equal; first derive.
by cbv beta; move: pair_L pair_ell received_ell received_y; lra.
Qed.

Print Assumptions SoftmaxCrossEntropy_label_smoothing_alpha_proved.
