(* InstanceNorm

   A tensor that is computed is a curve: tau moves along it, and a prime marks a slope at tau = 0.
   The claim: if the tensors are what the forward formulas say, and the error signals what the
   printed derivatives say, the derivative of the output's pairing with its error signal is the sum
   of all derivatives times the slopes of what is read. *)

From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat.
From symcnn Require Import reals tactics.
Open Scope R_scope.

Definition InstanceNorm : Prop :=
  forall C H : nat, (0 < C)%N -> (0 < H)%N ->
  forall varepsilon : R, 0 < varepsilon ->
  forall (x : nat -> nat -> R -> R) (x' : nat -> nat -> R),
  (forall i c : nat, (i < H)%N -> (c < C)%N -> is_derive (x i c) 0 (x' i c)) ->
  forall mu : nat -> R -> R,
  (forall tau, forall c : nat, (c < C)%N -> mu c tau = (\sum_(i < H) x i c tau) / INR H) ->
  forall V : nat -> R -> R,
  (forall tau, forall c : nat, (c < C)%N -> V c tau = (\sum_(i < H) (x i c tau - mu c tau) ^ 2) / INR H) ->
  forall y : nat -> nat -> R -> R,
  (forall tau, forall i c : nat, (i < H)%N -> (c < C)%N -> y i c tau = (x i c tau - mu c tau) / sqrt (varepsilon + V c tau)) ->
  (forall c : nat, (c < C)%N -> 0 < varepsilon + V c 0) ->
  forall delta_y : nat -> nat -> R,
  forall delta_V : nat -> R,
  (forall c : nat, (c < C)%N -> delta_V c = \sum_(i < H) - ((x i c 0 - mu c 0) * delta_y i c / (2 * (sqrt (varepsilon + V c 0)) ^ 3))) ->
  forall delta_mu : nat -> R,
  (forall c : nat, (c < C)%N -> delta_mu c = \sum_(i < H) - (delta_y i c / sqrt (varepsilon + V c 0)) + \sum_(i < H) (2 * mu c 0 - 2 * x i c 0) * delta_V c / INR H) ->
  forall delta_x : nat -> nat -> R,
  (forall i c : nat, (i < H)%N -> (c < C)%N -> delta_x i c = delta_y i c / sqrt (varepsilon + V c 0) + (2 * x i c 0 - 2 * mu c 0) * delta_V c / INR H + delta_mu c / INR H) ->
  is_derive (fun tau => \sum_(i < H) \sum_(c < C) delta_y i c * y i c tau) 0
    ((\sum_(i < H) \sum_(c < C) delta_x i c * x' i c)).

Theorem InstanceNorm_proved : InstanceNorm.
Proof.
move=> C H pos_C pos_H varepsilon pos_varepsilon x x' slope_x mu def_mu V def_V y def_y domain0 delta_y delta_V def_delta_V delta_mu def_delta_mu delta_x def_delta_x.
pose mu' c := (\sum_(i < H) / INR H * x' i c).
have slope_mu : forall c : nat, (c < C)%N -> is_derive (mu c) 0 (mu' c).
  move=> c lt_c; rewrite /mu'; along def_mu.
  by compares by idtac.
have pair_mu : (\sum_(c < C) delta_mu c * (mu' c)) = (\sum_(i < H) \sum_(c < C) (delta_mu c / INR H) * x' i c).
  transitivity ((\sum_(c < C) delta_mu c * ((\sum_(i < H) / INR H * x' i c)))); first by rewrite /mu'; spread.
  by exchanges by idtac.
clearbody mu'.
pose V' c := (\sum_(i < H) ((2 * mu c 0 - 2 * x i c 0) / INR H) * mu' c) + (\sum_(i < H) ((2 * x i c 0 - 2 * mu c 0) / INR H) * x' i c).
have slope_V : forall c : nat, (c < C)%N -> is_derive (V c) 0 (V' c).
  move=> c lt_c; rewrite /V'; along def_V.
  by compares by idtac.
have pair_V : (\sum_(c < C) delta_V c * (V' c)) = (\sum_(c < C) (\sum_(i < H) (2 * mu c 0 - 2 * x i c 0) * delta_V c / INR H) * mu' c) + (\sum_(i < H) \sum_(c < C) ((2 * x i c 0 - 2 * mu c 0) * delta_V c / INR H) * x' i c).
  transitivity ((\sum_(c < C) delta_V c * ((\sum_(i < H) ((2 * mu c 0 - 2 * x i c 0) / INR H) * mu' c))) + (\sum_(c < C) delta_V c * ((\sum_(i < H) ((2 * x i c 0 - 2 * mu c 0) / INR H) * x' i c)))); first by rewrite /V'; spread.
  by exchanges by idtac.
clearbody V'.
pose y' i c := - ((x i c 0 - mu c 0) / (2 * (sqrt (varepsilon + V c 0)) ^ 3)) * V' c + - (/ sqrt (varepsilon + V c 0)) * mu' c + / sqrt (varepsilon + V c 0) * x' i c.
have slope_y : forall i c : nat, (i < H)%N -> (c < C)%N -> is_derive (y i c) 0 (y' i c).
  move=> i c lt_i lt_c; rewrite /y'; along def_y.
  by compares by idtac.
have pair_y : (\sum_(i < H) \sum_(c < C) delta_y i c * (y' i c)) = (\sum_(c < C) (\sum_(i < H) - ((x i c 0 - mu c 0) * delta_y i c / (2 * (sqrt (varepsilon + V c 0)) ^ 3))) * V' c) + (\sum_(c < C) (\sum_(i < H) - (delta_y i c / sqrt (varepsilon + V c 0))) * mu' c) + (\sum_(i < H) \sum_(c < C) (delta_y i c / sqrt (varepsilon + V c 0)) * x' i c).
  transitivity ((\sum_(i < H) \sum_(c < C) delta_y i c * (- ((x i c 0 - mu c 0) / (2 * (sqrt (varepsilon + V c 0)) ^ 3)) * V' c)) + (\sum_(i < H) \sum_(c < C) delta_y i c * (- (/ sqrt (varepsilon + V c 0)) * mu' c)) + (\sum_(i < H) \sum_(c < C) delta_y i c * (/ sqrt (varepsilon + V c 0) * x' i c))); first by rewrite /y'; spread.
  by exchanges by idtac.
clearbody y'.
have received_mu : (\sum_(c < C) delta_mu c * (mu' c)) = (\sum_(c < C) (\sum_(i < H) - (delta_y i c / sqrt (varepsilon + V c 0))) * mu' c) + (\sum_(c < C) (\sum_(i < H) (2 * mu c 0 - 2 * x i c 0) * delta_V c / INR H) * mu' c).
  by receives (rewrite ?def_delta_mu //) by idtac.
have received_V : (\sum_(c < C) delta_V c * (V' c)) = (\sum_(c < C) (\sum_(i < H) - ((x i c 0 - mu c 0) * delta_y i c / (2 * (sqrt (varepsilon + V c 0)) ^ 3))) * V' c).
  by receives (rewrite ?def_delta_V //) by idtac.
have received_x : (\sum_(i < H) \sum_(c < C) delta_x i c * (x' i c)) = (\sum_(i < H) \sum_(c < C) (delta_y i c / sqrt (varepsilon + V c 0)) * x' i c) + (\sum_(i < H) \sum_(c < C) ((2 * x i c 0 - 2 * mu c 0) * delta_V c / INR H) * x' i c) + (\sum_(i < H) \sum_(c < C) (delta_mu c / INR H) * x' i c).
  by receives (rewrite ?def_delta_x //) by idtac.
eapply derive_equal; first derive.
by cbv beta; move: pair_y pair_V pair_mu received_mu received_V received_x; lra.
Qed.

Print Assumptions InstanceNorm_proved.
