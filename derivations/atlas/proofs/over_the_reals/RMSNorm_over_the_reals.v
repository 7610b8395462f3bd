(* RMSNorm

   A tensor that is computed is a curve: tau moves along it, and a prime marks a slope at tau = 0.
   The claim: if the tensors are what the forward formulas say, and the error signals what the
   printed derivatives say, the derivative of the output's pairing with its error signal is the sum
   of all derivatives times the slopes of what is read. *)

From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat.
From symcnn Require Import reals tactics.
Open Scope R_scope.

Definition RMSNorm : Prop :=
  forall C H W : nat, (0 < C)%N -> (0 < H)%N -> (0 < W)%N ->
  forall varepsilon : R, 0 < varepsilon ->
  forall (gamma : nat -> R -> R) (gamma' : nat -> R),
  (forall c : nat, (c < C)%N -> is_derive (gamma c) 0 (gamma' c)) ->
  forall (x : nat -> nat -> nat -> R -> R) (x' : nat -> nat -> nat -> R),
  (forall i j c : nat, (i < H)%N -> (j < W)%N -> (c < C)%N -> is_derive (x i j c) 0 (x' i j c)) ->
  forall V : nat -> nat -> R -> R,
  (forall tau, forall i j : nat, (i < H)%N -> (j < W)%N -> V i j tau = (\sum_(c < C) x i j c tau ^ 2) / INR C) ->
  forall xhat : nat -> nat -> nat -> R -> R,
  (forall tau, forall i j c : nat, (i < H)%N -> (j < W)%N -> (c < C)%N -> xhat i j c tau = x i j c tau / sqrt (varepsilon + V i j tau)) ->
  forall y : nat -> nat -> nat -> R -> R,
  (forall tau, forall i j c : nat, (i < H)%N -> (j < W)%N -> (c < C)%N -> y i j c tau = gamma c tau * xhat i j c tau) ->
  (forall i j : nat, (i < H)%N -> (j < W)%N -> 0 < varepsilon + V i j 0) ->
  forall delta_y : nat -> nat -> nat -> R,
  forall delta_xhat : nat -> nat -> nat -> R,
  (forall i j c : nat, (i < H)%N -> (j < W)%N -> (c < C)%N -> delta_xhat i j c = delta_y i j c * gamma c 0) ->
  forall delta_V : nat -> nat -> R,
  (forall i j : nat, (i < H)%N -> (j < W)%N -> delta_V i j = \sum_(c < C) - (delta_xhat i j c * x i j c 0 / (2 * (sqrt (varepsilon + V i j 0)) ^ 3))) ->
  forall delta_gamma : nat -> R,
  (forall c : nat, (c < C)%N -> delta_gamma c = \sum_(i < H) \sum_(j < W) delta_y i j c * xhat i j c 0) ->
  forall delta_x : nat -> nat -> nat -> R,
  (forall i j c : nat, (i < H)%N -> (j < W)%N -> (c < C)%N -> delta_x i j c = delta_xhat i j c / sqrt (varepsilon + V i j 0) + 2 * delta_V i j * x i j c 0 / INR C) ->
  is_derive (fun tau => \sum_(i < H) \sum_(j < W) \sum_(c < C) delta_y i j c * y i j c tau) 0
    ((\sum_(c < C) delta_gamma c * gamma' c) + (\sum_(i < H) \sum_(j < W) \sum_(c < C) delta_x i j c * x' i j c)).

Theorem RMSNorm_proved : RMSNorm.
Proof.
move=> C H W pos_C pos_H pos_W varepsilon pos_varepsilon gamma gamma' slope_gamma x x' slope_x V def_V xhat def_xhat y def_y domain0 delta_y delta_xhat def_delta_xhat delta_V def_delta_V delta_gamma def_delta_gamma delta_x def_delta_x.
pose V' i j := (\sum_(c < C) (2 * x i j c 0 / INR C) * x' i j c).
have slope_V : forall i j : nat, (i < H)%N -> (j < W)%N -> is_derive (V i j) 0 (V' i j).
  move=> i j lt_i lt_j; rewrite /V'; along def_V.
  by compares by idtac.
have pair_V : (\sum_(i < H) \sum_(j < W) delta_V i j * (V' i j)) = (\sum_(i < H) \sum_(j < W) \sum_(c < C) (2 * delta_V i j * x i j c 0 / INR C) * x' i j c).
  transitivity ((\sum_(i < H) \sum_(j < W) delta_V i j * ((\sum_(c < C) (2 * x i j c 0 / INR C) * x' i j c)))); first by rewrite /V'; spread.
  by exchanges by idtac.
clearbody V'.
pose xhat' i j c := - (x i j c 0 / (2 * (sqrt (varepsilon + V i j 0)) ^ 3)) * V' i j + / sqrt (varepsilon + V i j 0) * x' i j c.
have slope_xhat : forall i j c : nat, (i < H)%N -> (j < W)%N -> (c < C)%N -> is_derive (xhat i j c) 0 (xhat' i j c).
  move=> i j c lt_i lt_j lt_c; rewrite /xhat'; along def_xhat.
  by compares by idtac.
have pair_xhat : (\sum_(i < H) \sum_(j < W) \sum_(c < C) delta_xhat i j c * (xhat' i j c)) = (\sum_(i < H) \sum_(j < W) (\sum_(c < C) - (delta_xhat i j c * x i j c 0 / (2 * (sqrt (varepsilon + V i j 0)) ^ 3))) * V' i j) + (\sum_(i < H) \sum_(j < W) \sum_(c < C) (delta_xhat i j c / sqrt (varepsilon + V i j 0)) * x' i j c).
  transitivity ((\sum_(i < H) \sum_(j < W) \sum_(c < C) delta_xhat i j c * (- (x i j c 0 / (2 * (sqrt (varepsilon + V i j 0)) ^ 3)) * V' i j)) + (\sum_(i < H) \sum_(j < W) \sum_(c < C) delta_xhat i j c * (/ sqrt (varepsilon + V i j 0) * x' i j c))); first by rewrite /xhat'; spread.
  by exchanges by idtac.
clearbody xhat'.
pose y' i j c := gamma c 0 * xhat' i j c + xhat i j c 0 * gamma' c.
have slope_y : forall i j c : nat, (i < H)%N -> (j < W)%N -> (c < C)%N -> is_derive (y i j c) 0 (y' i j c).
  move=> i j c lt_i lt_j lt_c; rewrite /y'; along def_y.
  by compares by idtac.
have pair_y : (\sum_(i < H) \sum_(j < W) \sum_(c < C) delta_y i j c * (y' i j c)) = (\sum_(i < H) \sum_(j < W) \sum_(c < C) (delta_y i j c * gamma c 0) * xhat' i j c) + (\sum_(c < C) (\sum_(i < H) \sum_(j < W) delta_y i j c * xhat i j c 0) * gamma' c).
  transitivity ((\sum_(i < H) \sum_(j < W) \sum_(c < C) delta_y i j c * (gamma c 0 * xhat' i j c)) + (\sum_(i < H) \sum_(j < W) \sum_(c < C) delta_y i j c * (xhat i j c 0 * gamma' c))); first by rewrite /y'; spread.
  by exchanges by idtac.
clearbody y'.
have received_V : (\sum_(i < H) \sum_(j < W) delta_V i j * (V' i j)) = (\sum_(i < H) \sum_(j < W) (\sum_(c < C) - (delta_xhat i j c * x i j c 0 / (2 * (sqrt (varepsilon + V i j 0)) ^ 3))) * V' i j).
  by receives (rewrite ?def_delta_V //) by idtac.
have received_xhat : (\sum_(i < H) \sum_(j < W) \sum_(c < C) delta_xhat i j c * (xhat' i j c)) = (\sum_(i < H) \sum_(j < W) \sum_(c < C) (delta_y i j c * gamma c 0) * xhat' i j c).
  by receives (rewrite ?def_delta_xhat //) by idtac.
have received_gamma : (\sum_(c < C) delta_gamma c * (gamma' c)) = (\sum_(c < C) (\sum_(i < H) \sum_(j < W) delta_y i j c * xhat i j c 0) * gamma' c).
  by receives (rewrite ?def_delta_gamma //) by idtac.
have received_x : (\sum_(i < H) \sum_(j < W) \sum_(c < C) delta_x i j c * (x' i j c)) = (\sum_(i < H) \sum_(j < W) \sum_(c < C) (delta_xhat i j c / sqrt (varepsilon + V i j 0)) * x' i j c) + (\sum_(i < H) \sum_(j < W) \sum_(c < C) (2 * delta_V i j * x i j c 0 / INR C) * x' i j c).
  by receives (rewrite ?def_delta_x //) by idtac.
eapply derive_equal; first derive.
by cbv beta; move: pair_y pair_xhat pair_V received_V received_xhat received_gamma received_x; lra.
Qed.

Print Assumptions RMSNorm_proved.
