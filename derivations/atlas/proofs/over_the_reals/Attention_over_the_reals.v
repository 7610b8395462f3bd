(* Attention

   A tensor that is computed is a curve: tau moves along it, and a prime marks a slope at tau = 0.
   The claim: if the tensors are what the forward formulas say, and the error signals what the
   printed derivatives say, the derivative of the output's pairing with its error signal is the sum
   of all derivatives times the slopes of what is read. *)

From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat.
From symcnn Require Import reals tactics.
Open Scope R_scope.

Definition Attention : Prop :=
  forall D E H W : nat, (0 < D)%N -> (0 < E)%N -> (0 < H)%N -> (0 < W)%N ->
  forall (q : nat -> nat -> R -> R) (q' : nat -> nat -> R),
  (forall i j : nat, (i < H)%N -> (j < D)%N -> is_derive (q i j) 0 (q' i j)) ->
  forall (k : nat -> nat -> R -> R) (k' : nat -> nat -> R),
  (forall i j : nat, (i < W)%N -> (j < D)%N -> is_derive (k i j) 0 (k' i j)) ->
  forall (v : nat -> nat -> R -> R) (v' : nat -> nat -> R),
  (forall i j : nat, (i < W)%N -> (j < E)%N -> is_derive (v i j) 0 (v' i j)) ->
  forall s : nat -> nat -> R -> R,
  (forall tau, forall i u : nat, (i < H)%N -> (u < W)%N -> s i u tau = \sum_(j < D) k u j tau * q i j tau / sqrt (INR D)) ->
  forall ell : nat -> R -> R,
  (forall tau, forall i : nat, (i < H)%N -> ell i tau = ln (\sum_(u < W) exp (s i u tau))) ->
  forall a : nat -> nat -> R -> R,
  (forall tau, forall i u : nat, (i < H)%N -> (u < W)%N -> a i u tau = exp (s i u tau - ell i tau)) ->
  forall y : nat -> nat -> R -> R,
  (forall tau, forall i j : nat, (i < H)%N -> (j < E)%N -> y i j tau = \sum_(u < W) a i u tau * v u j tau) ->
  forall delta_y : nat -> nat -> R,
  forall delta_a : nat -> nat -> R,
  (forall i u : nat, (i < H)%N -> (u < W)%N -> delta_a i u = \sum_(j < E) delta_y i j * v u j 0) ->
  forall delta_ell : nat -> R,
  (forall i : nat, (i < H)%N -> delta_ell i = \sum_(u < W) - (a i u 0 * delta_a i u)) ->
  forall delta_s : nat -> nat -> R,
  (forall i u : nat, (i < H)%N -> (u < W)%N -> delta_s i u = a i u 0 * delta_a i u + a i u 0 * delta_ell i) ->
  forall delta_q : nat -> nat -> R,
  (forall i j : nat, (i < H)%N -> (j < D)%N -> delta_q i j = \sum_(u < W) delta_s i u * k u j 0 / sqrt (INR D)) ->
  forall delta_k : nat -> nat -> R,
  (forall u j : nat, (u < W)%N -> (j < D)%N -> delta_k u j = \sum_(i < H) delta_s i u * q i j 0 / sqrt (INR D)) ->
  forall delta_v : nat -> nat -> R,
  (forall u j : nat, (u < W)%N -> (j < E)%N -> delta_v u j = \sum_(i < H) a i u 0 * delta_y i j) ->
  is_derive (fun tau => \sum_(i < H) \sum_(j < E) delta_y i j * y i j tau) 0
    ((\sum_(i < H) \sum_(j < D) delta_q i j * q' i j) + (\sum_(u < W) \sum_(j < D) delta_k u j * k' u j) + (\sum_(u < W) \sum_(j < E) delta_v u j * v' u j)).

Theorem Attention_proved : Attention.
Proof.
move=> D E H W pos_D pos_E pos_H pos_W q q' slope_q k k' slope_k v v' slope_v s def_s ell def_ell a def_a y def_y delta_y delta_a def_delta_a delta_ell def_delta_ell delta_s def_delta_s delta_q def_delta_q delta_k def_delta_k delta_v def_delta_v.
pose s' i u := (\sum_(j < D) (q i j 0 / sqrt (INR D)) * k' u j) + (\sum_(j < D) (k u j 0 / sqrt (INR D)) * q' i j).
have slope_s : forall i u : nat, (i < H)%N -> (u < W)%N -> is_derive (s i u) 0 (s' i u).
  move=> i u lt_i lt_u; rewrite /s'; along def_s.
  by rewrite ?exp_ell //; compares by (rewrite ?def_a //).
have pair_s : (\sum_(i < H) \sum_(u < W) delta_s i u * (s' i u)) = (\sum_(u < W) \sum_(j < D) (\sum_(i < H) delta_s i u * q i j 0 / sqrt (INR D)) * k' u j) + (\sum_(i < H) \sum_(j < D) (\sum_(u < W) delta_s i u * k u j 0 / sqrt (INR D)) * q' i j).
  transitivity ((\sum_(i < H) \sum_(u < W) delta_s i u * ((\sum_(j < D) (q i j 0 / sqrt (INR D)) * k' u j))) + (\sum_(i < H) \sum_(u < W) delta_s i u * ((\sum_(j < D) (k u j 0 / sqrt (INR D)) * q' i j)))); first by rewrite /s'; spread.
  by exchanges by (rewrite ?def_a //).
clearbody s'.
pose ell' i := (\sum_(u < W) a i u 0 * s' i u).
have exp_ell : forall i : nat, (i < H)%N -> \sum_(u < W) exp (s i u 0) = exp (ell i 0).
  by move=> i lt_i; rewrite def_ell // exp_ln //; positive.
have slope_ell : forall i : nat, (i < H)%N -> is_derive (ell i) 0 (ell' i).
  move=> i lt_i; rewrite /ell'; along def_ell.
  by rewrite ?exp_ell //; compares by (rewrite ?def_a //).
have pair_ell : (\sum_(i < H) delta_ell i * (ell' i)) = (\sum_(i < H) \sum_(u < W) (a i u 0 * delta_ell i) * s' i u).
  transitivity ((\sum_(i < H) delta_ell i * ((\sum_(u < W) a i u 0 * s' i u)))); first by rewrite /ell'; spread.
  by exchanges by (rewrite ?def_a //).
clearbody ell'.
pose a' i u := - a i u 0 * ell' i + a i u 0 * s' i u.
have slope_a : forall i u : nat, (i < H)%N -> (u < W)%N -> is_derive (a i u) 0 (a' i u).
  move=> i u lt_i lt_u; rewrite /a'; along def_a.
  by rewrite ?exp_ell //; compares by (rewrite ?def_a //).
have pair_a : (\sum_(i < H) \sum_(u < W) delta_a i u * (a' i u)) = (\sum_(i < H) (\sum_(u < W) - (a i u 0 * delta_a i u)) * ell' i) + (\sum_(i < H) \sum_(u < W) (a i u 0 * delta_a i u) * s' i u).
  transitivity ((\sum_(i < H) \sum_(u < W) delta_a i u * (- a i u 0 * ell' i)) + (\sum_(i < H) \sum_(u < W) delta_a i u * (a i u 0 * s' i u))); first by rewrite /a'; spread.
  by exchanges by (rewrite ?def_a //).
clearbody a'.
pose y' i j := (\sum_(u < W) a i u 0 * v' u j) + (\sum_(u < W) v u j 0 * a' i u).
have slope_y : forall i j : nat, (i < H)%N -> (j < E)%N -> is_derive (y i j) 0 (y' i j).
  move=> i j lt_i lt_j; rewrite /y'; along def_y.
  by rewrite ?exp_ell //; compares by (rewrite ?def_a //).
have pair_y : (\sum_(i < H) \sum_(j < E) delta_y i j * (y' i j)) = (\sum_(u < W) \sum_(j < E) (\sum_(i < H) a i u 0 * delta_y i j) * v' u j) + (\sum_(i < H) \sum_(u < W) (\sum_(j < E) delta_y i j * v u j 0) * a' i u).
  transitivity ((\sum_(i < H) \sum_(j < E) delta_y i j * ((\sum_(u < W) a i u 0 * v' u j))) + (\sum_(i < H) \sum_(j < E) delta_y i j * ((\sum_(u < W) v u j 0 * a' i u)))); first by rewrite /y'; spread.
  by exchanges by (rewrite ?def_a //).
clearbody y'.
have received_s : (\sum_(i < H) \sum_(u < W) delta_s i u * (s' i u)) = (\sum_(i < H) \sum_(u < W) (a i u 0 * delta_a i u) * s' i u) + (\sum_(i < H) \sum_(u < W) (a i u 0 * delta_ell i) * s' i u).
  by receives (rewrite ?def_delta_s //) by (rewrite ?def_a //).
have received_ell : (\sum_(i < H) delta_ell i * (ell' i)) = (\sum_(i < H) (\sum_(u < W) - (a i u 0 * delta_a i u)) * ell' i).
  by receives (rewrite ?def_delta_ell //) by (rewrite ?def_a //).
have received_a : (\sum_(i < H) \sum_(u < W) delta_a i u * (a' i u)) = (\sum_(i < H) \sum_(u < W) (\sum_(j < E) delta_y i j * v u j 0) * a' i u).
  by receives (rewrite ?def_delta_a //) by (rewrite ?def_a //).
have received_q : (\sum_(i < H) \sum_(j < D) delta_q i j * (q' i j)) = (\sum_(i < H) \sum_(j < D) (\sum_(u < W) delta_s i u * k u j 0 / sqrt (INR D)) * q' i j).
  by receives (rewrite ?def_delta_q //) by (rewrite ?def_a //).
have received_k : (\sum_(u < W) \sum_(j < D) delta_k u j * (k' u j)) = (\sum_(u < W) \sum_(j < D) (\sum_(i < H) delta_s i u * q i j 0 / sqrt (INR D)) * k' u j).
  by receives (rewrite ?def_delta_k //) by (rewrite ?def_a //).
have received_v : (\sum_(u < W) \sum_(j < E) delta_v u j * (v' u j)) = (\sum_(u < W) \sum_(j < E) (\sum_(i < H) a i u 0 * delta_y i j) * v' u j).
  by receives (rewrite ?def_delta_v //) by (rewrite ?def_a //).
eapply derive_equal; first derive.
by cbv beta; move: pair_y pair_a pair_ell pair_s received_s received_ell received_a received_q received_k received_v; lra.
Qed.

Print Assumptions Attention_proved.
