(* BatchNorm

   A tensor that is computed is a curve: tau moves along it, and a prime marks a slope at tau = 0.
   The claim: if the tensors are what the forward formulas say, and the error signals what the
   printed derivatives say, the derivative of the output's pairing with its error signal is the sum
   of all derivatives times the slopes of what is read. *)

From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat.
From symcnn Require Import reals tactics.
Open Scope R_scope.

Definition BatchNorm : Prop :=
  forall C H N W : nat, (0 < C)%N -> (0 < H)%N -> (0 < N)%N -> (0 < W)%N ->
  forall varepsilon : R, 0 < varepsilon ->
  forall (gamma : nat -> R -> R) (gamma' : nat -> R),
  (forall c : nat, (c < C)%N -> is_derive (gamma c) 0 (gamma' c)) ->
  forall (beta : nat -> R -> R) (beta' : nat -> R),
  (forall c : nat, (c < C)%N -> is_derive (beta c) 0 (beta' c)) ->
  forall (x : nat -> nat -> nat -> nat -> R -> R) (x' : nat -> nat -> nat -> nat -> R),
  (forall n i j c : nat, (n < N)%N -> (i < H)%N -> (j < W)%N -> (c < C)%N -> is_derive (x n i j c) 0 (x' n i j c)) ->
  forall mu : nat -> R -> R,
  (forall tau, forall c : nat, (c < C)%N -> mu c tau = (\sum_(n < N) \sum_(i < H) \sum_(j < W) x n i j c tau) / (INR H * INR N * INR W)) ->
  forall V : nat -> R -> R,
  (forall tau, forall c : nat, (c < C)%N -> V c tau = (\sum_(n < N) \sum_(i < H) \sum_(j < W) (x n i j c tau - mu c tau) ^ 2) / (INR H * INR N * INR W)) ->
  forall xhat : nat -> nat -> nat -> nat -> R -> R,
  (forall tau, forall n i j c : nat, (n < N)%N -> (i < H)%N -> (j < W)%N -> (c < C)%N -> xhat n i j c tau = (x n i j c tau - mu c tau) / sqrt (varepsilon + V c tau)) ->
  forall y : nat -> nat -> nat -> nat -> R -> R,
  (forall tau, forall n i j c : nat, (n < N)%N -> (i < H)%N -> (j < W)%N -> (c < C)%N -> y n i j c tau = beta c tau + gamma c tau * xhat n i j c tau) ->
  (forall c : nat, (c < C)%N -> 0 < varepsilon + V c 0) ->
  forall delta_y : nat -> nat -> nat -> nat -> R,
  forall delta_xhat : nat -> nat -> nat -> nat -> R,
  (forall n i j c : nat, (n < N)%N -> (i < H)%N -> (j < W)%N -> (c < C)%N -> delta_xhat n i j c = delta_y n i j c * gamma c 0) ->
  forall delta_V : nat -> R,
  (forall c : nat, (c < C)%N -> delta_V c = \sum_(n < N) \sum_(i < H) \sum_(j < W) - ((x n i j c 0 - mu c 0) * delta_xhat n i j c / (2 * (sqrt (varepsilon + V c 0)) ^ 3))) ->
  forall delta_mu : nat -> R,
  (forall c : nat, (c < C)%N -> delta_mu c = \sum_(n < N) \sum_(i < H) \sum_(j < W) - (delta_xhat n i j c / sqrt (varepsilon + V c 0)) + \sum_(n < N) \sum_(i < H) \sum_(j < W) (2 * mu c 0 - 2 * x n i j c 0) * delta_V c / (INR H * INR N * INR W)) ->
  forall delta_gamma : nat -> R,
  (forall c : nat, (c < C)%N -> delta_gamma c = \sum_(n < N) \sum_(i < H) \sum_(j < W) delta_y n i j c * xhat n i j c 0) ->
  forall delta_beta : nat -> R,
  (forall c : nat, (c < C)%N -> delta_beta c = \sum_(n < N) \sum_(i < H) \sum_(j < W) delta_y n i j c) ->
  forall delta_x : nat -> nat -> nat -> nat -> R,
  (forall n i j c : nat, (n < N)%N -> (i < H)%N -> (j < W)%N -> (c < C)%N -> delta_x n i j c = delta_xhat n i j c / sqrt (varepsilon + V c 0) + (2 * x n i j c 0 - 2 * mu c 0) * delta_V c / (INR H * INR N * INR W) + delta_mu c / (INR H * INR N * INR W)) ->
  is_derive (fun tau => \sum_(n < N) \sum_(i < H) \sum_(j < W) \sum_(c < C) delta_y n i j c * y n i j c tau) 0
    ((\sum_(c < C) delta_gamma c * gamma' c) + (\sum_(c < C) delta_beta c * beta' c) + (\sum_(n < N) \sum_(i < H) \sum_(j < W) \sum_(c < C) delta_x n i j c * x' n i j c)).

Theorem BatchNorm_proved : BatchNorm.
Proof.
move=> C H N W pos_C pos_H pos_N pos_W varepsilon pos_varepsilon gamma gamma' slope_gamma beta beta' slope_beta x x' slope_x mu def_mu V def_V xhat def_xhat y def_y domain0 delta_y delta_xhat def_delta_xhat delta_V def_delta_V delta_mu def_delta_mu delta_gamma def_delta_gamma delta_beta def_delta_beta delta_x def_delta_x.
pose mu' c := (\sum_(n < N) \sum_(i < H) \sum_(j < W) (1 / (INR H * INR N * INR W)) * x' n i j c).
have slope_mu : forall c : nat, (c < C)%N -> is_derive (mu c) 0 (mu' c).
  move=> c lt_c; rewrite /mu'; along def_mu.
  by compares by idtac.
have pair_mu : (\sum_(c < C) delta_mu c * (mu' c)) = (\sum_(n < N) \sum_(i < H) \sum_(j < W) \sum_(c < C) (delta_mu c / (INR H * INR N * INR W)) * x' n i j c).
  transitivity ((\sum_(c < C) delta_mu c * ((\sum_(n < N) \sum_(i < H) \sum_(j < W) (1 / (INR H * INR N * INR W)) * x' n i j c)))); first by rewrite /mu'; spread.
  by exchanges by idtac.
clearbody mu'.
pose V' c := (\sum_(n < N) \sum_(i < H) \sum_(j < W) ((2 * mu c 0 - 2 * x n i j c 0) / (INR H * INR N * INR W)) * mu' c) + (\sum_(n < N) \sum_(i < H) \sum_(j < W) ((2 * x n i j c 0 - 2 * mu c 0) / (INR H * INR N * INR W)) * x' n i j c).
have slope_V : forall c : nat, (c < C)%N -> is_derive (V c) 0 (V' c).
  move=> c lt_c; rewrite /V'; along def_V.
  by compares by idtac.
have pair_V : (\sum_(c < C) delta_V c * (V' c)) = (\sum_(c < C) (\sum_(n < N) \sum_(i < H) \sum_(j < W) (2 * mu c 0 - 2 * x n i j c 0) * delta_V c / (INR H * INR N * INR W)) * mu' c) + (\sum_(n < N) \sum_(i < H) \sum_(j < W) \sum_(c < C) ((2 * x n i j c 0 - 2 * mu c 0) * delta_V c / (INR H * INR N * INR W)) * x' n i j c).
  transitivity ((\sum_(c < C) delta_V c * ((\sum_(n < N) \sum_(i < H) \sum_(j < W) ((2 * mu c 0 - 2 * x n i j c 0) / (INR H * INR N * INR W)) * mu' c))) + (\sum_(c < C) delta_V c * ((\sum_(n < N) \sum_(i < H) \sum_(j < W) ((2 * x n i j c 0 - 2 * mu c 0) / (INR H * INR N * INR W)) * x' n i j c)))); first by rewrite /V'; spread.
  by exchanges by idtac.
clearbody V'.
pose xhat' n i j c := - ((x n i j c 0 - mu c 0) / (2 * (sqrt (varepsilon + V c 0)) ^ 3)) * V' c + - (/ sqrt (varepsilon + V c 0)) * mu' c + / sqrt (varepsilon + V c 0) * x' n i j c.
have slope_xhat : forall n i j c : nat, (n < N)%N -> (i < H)%N -> (j < W)%N -> (c < C)%N -> is_derive (xhat n i j c) 0 (xhat' n i j c).
  move=> n i j c lt_n lt_i lt_j lt_c; rewrite /xhat'; along def_xhat.
  by compares by idtac.
have pair_xhat : (\sum_(n < N) \sum_(i < H) \sum_(j < W) \sum_(c < C) delta_xhat n i j c * (xhat' n i j c)) = (\sum_(c < C) (\sum_(n < N) \sum_(i < H) \sum_(j < W) - ((x n i j c 0 - mu c 0) * delta_xhat n i j c / (2 * (sqrt (varepsilon + V c 0)) ^ 3))) * V' c) + (\sum_(c < C) (\sum_(n < N) \sum_(i < H) \sum_(j < W) - (delta_xhat n i j c / sqrt (varepsilon + V c 0))) * mu' c) + (\sum_(n < N) \sum_(i < H) \sum_(j < W) \sum_(c < C) (delta_xhat n i j c / sqrt (varepsilon + V c 0)) * x' n i j c).
  transitivity ((\sum_(n < N) \sum_(i < H) \sum_(j < W) \sum_(c < C) delta_xhat n i j c * (- ((x n i j c 0 - mu c 0) / (2 * (sqrt (varepsilon + V c 0)) ^ 3)) * V' c)) + (\sum_(n < N) \sum_(i < H) \sum_(j < W) \sum_(c < C) delta_xhat n i j c * (- (/ sqrt (varepsilon + V c 0)) * mu' c)) + (\sum_(n < N) \sum_(i < H) \sum_(j < W) \sum_(c < C) delta_xhat n i j c * (/ sqrt (varepsilon + V c 0) * x' n i j c))); first by rewrite /xhat'; spread.
  by exchanges by idtac.
clearbody xhat'.
pose y' n i j c := gamma c 0 * xhat' n i j c + xhat n i j c 0 * gamma' c + beta' c.
have slope_y : forall n i j c : nat, (n < N)%N -> (i < H)%N -> (j < W)%N -> (c < C)%N -> is_derive (y n i j c) 0 (y' n i j c).
  move=> n i j c lt_n lt_i lt_j lt_c; rewrite /y'; along def_y.
  by compares by idtac.
have pair_y : (\sum_(n < N) \sum_(i < H) \sum_(j < W) \sum_(c < C) delta_y n i j c * (y' n i j c)) = (\sum_(n < N) \sum_(i < H) \sum_(j < W) \sum_(c < C) (delta_y n i j c * gamma c 0) * xhat' n i j c) + (\sum_(c < C) (\sum_(n < N) \sum_(i < H) \sum_(j < W) delta_y n i j c * xhat n i j c 0) * gamma' c) + (\sum_(c < C) (\sum_(n < N) \sum_(i < H) \sum_(j < W) delta_y n i j c) * beta' c).
  transitivity ((\sum_(n < N) \sum_(i < H) \sum_(j < W) \sum_(c < C) delta_y n i j c * (gamma c 0 * xhat' n i j c)) + (\sum_(n < N) \sum_(i < H) \sum_(j < W) \sum_(c < C) delta_y n i j c * (xhat n i j c 0 * gamma' c)) + (\sum_(n < N) \sum_(i < H) \sum_(j < W) \sum_(c < C) delta_y n i j c * (beta' c))); first by rewrite /y'; spread.
  by exchanges by idtac.
clearbody y'.
have received_mu : (\sum_(c < C) delta_mu c * (mu' c)) = (\sum_(c < C) (\sum_(n < N) \sum_(i < H) \sum_(j < W) - (delta_xhat n i j c / sqrt (varepsilon + V c 0))) * mu' c) + (\sum_(c < C) (\sum_(n < N) \sum_(i < H) \sum_(j < W) (2 * mu c 0 - 2 * x n i j c 0) * delta_V c / (INR H * INR N * INR W)) * mu' c).
  by receives (rewrite ?def_delta_mu //) by idtac.
have received_V : (\sum_(c < C) delta_V c * (V' c)) = (\sum_(c < C) (\sum_(n < N) \sum_(i < H) \sum_(j < W) - ((x n i j c 0 - mu c 0) * delta_xhat n i j c / (2 * (sqrt (varepsilon + V c 0)) ^ 3))) * V' c).
  by receives (rewrite ?def_delta_V //) by idtac.
have received_xhat : (\sum_(n < N) \sum_(i < H) \sum_(j < W) \sum_(c < C) delta_xhat n i j c * (xhat' n i j c)) = (\sum_(n < N) \sum_(i < H) \sum_(j < W) \sum_(c < C) (delta_y n i j c * gamma c 0) * xhat' n i j c).
  by receives (rewrite ?def_delta_xhat //) by idtac.
have received_gamma : (\sum_(c < C) delta_gamma c * (gamma' c)) = (\sum_(c < C) (\sum_(n < N) \sum_(i < H) \sum_(j < W) delta_y n i j c * xhat n i j c 0) * gamma' c).
  by receives (rewrite ?def_delta_gamma //) by idtac.
have received_beta : (\sum_(c < C) delta_beta c * (beta' c)) = (\sum_(c < C) (\sum_(n < N) \sum_(i < H) \sum_(j < W) delta_y n i j c) * beta' c).
  by receives (rewrite ?def_delta_beta //) by idtac.
have received_x : (\sum_(n < N) \sum_(i < H) \sum_(j < W) \sum_(c < C) delta_x n i j c * (x' n i j c)) = (\sum_(n < N) \sum_(i < H) \sum_(j < W) \sum_(c < C) (delta_xhat n i j c / sqrt (varepsilon + V c 0)) * x' n i j c) + (\sum_(n < N) \sum_(i < H) \sum_(j < W) \sum_(c < C) ((2 * x n i j c 0 - 2 * mu c 0) * delta_V c / (INR H * INR N * INR W)) * x' n i j c) + (\sum_(n < N) \sum_(i < H) \sum_(j < W) \sum_(c < C) (delta_mu c / (INR H * INR N * INR W)) * x' n i j c).
  by receives (rewrite ?def_delta_x //) by idtac.
eapply derive_equal; first derive.
by cbv beta; move: pair_y pair_xhat pair_V pair_mu received_mu received_V received_xhat received_gamma received_beta received_x; lra.
Qed.

Print Assumptions BatchNorm_proved.
