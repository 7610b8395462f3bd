(* Dice

   A tensor that is computed is a curve: tau moves along it, and a prime marks a slope at tau = 0.
   The claim: if the tensors are what the forward formulas say, and the error signals what the
   printed derivatives say, the derivative of the output's pairing with its error signal is the sum
   of all derivatives times the slopes of what is read. *)

From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat.
From symcnn Require Import reals tactics.
Open Scope R_scope.

Definition Dice : Prop :=
  forall K : nat, (0 < K)%N ->
  forall eta : R, 0 < eta ->
  forall t : nat -> R,
  forall (y : nat -> R -> R) (y' : nat -> R),
  (forall q : nat, (q < K)%N -> is_derive (y q) 0 (y' q)) ->
  forall I : R -> R,
  (forall tau, I tau = \sum_(q < K) t q * y q tau) ->
  forall S : R -> R,
  (forall tau, S tau = \sum_(q < K) (t q + y q tau)) ->
  forall L : R -> R,
  (forall tau, L tau = 1 - (eta + 2 * I tau) / (eta + S tau)) ->
  (eta + S 0 <> 0) ->
  forall delta_I : R,
  (delta_I = - (2 / (eta + S 0))) ->
  forall delta_S : R,
  (delta_S = (eta + 2 * I 0) / (eta + S 0) ^ 2) ->
  forall delta_y : nat -> R,
  (forall q : nat, (q < K)%N -> delta_y q = delta_I * t q + delta_S) ->
  is_derive (fun tau => L tau) 0
    ((\sum_(q < K) delta_y q * y' q)).

Theorem Dice_proved : Dice.
Proof.
move=> K pos_K eta pos_eta t y y' slope_y I def_I S def_S L def_L domain0 delta_I def_delta_I delta_S def_delta_S delta_y def_delta_y.
pose I' := (\sum_(q < K) t q * y' q).
have slope_I : is_derive (I) 0 (I').
  rewrite /I'; along def_I.
  by compares by idtac.
have pair_I : (delta_I * (I')) = (\sum_(q < K) (delta_I * t q) * y' q).
  transitivity ((delta_I * ((\sum_(q < K) t q * y' q)))); first by rewrite /I'; spread.
  by exchanges by idtac.
clearbody I'.
pose S' := (\sum_(q < K) y' q).
have slope_S : is_derive (S) 0 (S').
  rewrite /S'; along def_S.
  by compares by idtac.
have pair_S : (delta_S * (S')) = (\sum_(q < K) (delta_S) * y' q).
  transitivity ((delta_S * ((\sum_(q < K) y' q)))); first by rewrite /S'; spread.
  by exchanges by idtac.
clearbody S'.
pose L' := ((eta + 2 * I 0) / (eta + S 0) ^ 2) * S' + - (2 / (eta + S 0)) * I'.
have slope_L : is_derive (L) 0 (L').
  rewrite /L'; along def_L.
  by compares by idtac.
have pair_L : (L') = (((eta + 2 * I 0) / (eta + S 0) ^ 2) * S') + ((- (2 / (eta + S 0))) * I').
  transitivity ((((eta + 2 * I 0) / (eta + S 0) ^ 2) * S') + (- (2 / (eta + S 0)) * I')); first by rewrite /L'; spread.
  by exchanges by idtac.
clearbody L'.
have received_I : (delta_I * (I')) = ((- (2 / (eta + S 0))) * I').
  by receives (rewrite ?def_delta_I //) by idtac.
have received_S : (delta_S * (S')) = (((eta + 2 * I 0) / (eta + S 0) ^ 2) * S').
  by receives (rewrite ?def_delta_S //) by idtac.
have received_y : (\sum_(q < K) delta_y q * (y' q)) = (\sum_(q < K) (delta_S) * y' q) + (\sum_(q < K) (delta_I * t q) * y' q).
  by receives (rewrite ?def_delta_y //) by idtac.
eapply derive_equal; first derive.
by cbv beta; move: pair_L pair_S pair_I received_I received_S received_y; lra.
Qed.

Print Assumptions Dice_proved.
