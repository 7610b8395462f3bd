(** Derivatives over the real numbers, as one learns them: constants, sums, products, quotients,
    the functions of layers, and sums over indices.

    Everything is about a curve [fun t => f t] of real numbers and its slope at one point. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From HB Require Import structures.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat fintype bigop.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Open Scope R_scope.

(** ** Sums over indices *)

HB.instance Definition _ := Monoid.isComLaw.Build R 0 Rplus
  (fun x y z => esym (Rplus_assoc x y z)) Rplus_comm Rplus_0_l.
HB.instance Definition _ := Monoid.isMulLaw.Build R 0 Rmult Rmult_0_l Rmult_0_r.
HB.instance Definition _ := Monoid.isAddLaw.Build R Rmult Rplus Rmult_plus_distr_r
  Rmult_plus_distr_l.

(** [\sum_(i < n) F i] is F 0 + ... + F (n - 1). *)
Definition summation (n : nat) (F : nat -> R) : R := \big[Rplus/0]_(i < n) F i.
Notation "\sum_ ( i < n ) F" := (summation n (fun i => F)) : R_scope.

Section Sums.
Variables (m n : nat).

Lemma sum_exchange (F : nat -> nat -> R) :
  \sum_(i < m) \sum_(j < n) F i j = \sum_(j < n) \sum_(i < m) F i j.
Proof. exact: exchange_big. Qed.

Lemma sum_scale a (F : nat -> R) : a * (\sum_(i < n) F i) = \sum_(i < n) a * F i.
Proof. exact: big_distrr. Qed.

Lemma sum_scale_right a (F : nat -> R) : (\sum_(i < n) F i) * a = \sum_(i < n) F i * a.
Proof. exact: big_distrl. Qed.

Lemma sum_add (F G : nat -> R) :
  \sum_(i < n) (F i + G i) = \sum_(i < n) F i + \sum_(i < n) G i.
Proof. exact: big_split. Qed.

Lemma sum_equal (F G : nat -> R) :
  (forall i, (i < n)%N -> F i = G i) -> \sum_(i < n) F i = \sum_(i < n) G i.
Proof. by move=> same; apply: eq_bigr => -[i lt] _; exact: same. Qed.

Lemma sum_zero (F : nat -> R) : (forall i, (i < n)%N -> F i = 0) -> \sum_(i < n) F i = 0.
Proof. by move=> zero; apply: big1 => -[i lt] _; exact: zero. Qed.

Lemma sum_opp (F : nat -> R) : - (\sum_(i < n) F i) = \sum_(i < n) - F i.
Proof. by rewrite -[LHS]Rmult_1_l -Ropp_mult_distr_r Ropp_mult_distr_l sum_scale;
  apply: sum_equal => i _; ring. Qed.

End Sums.

Lemma sum_exchange3 l m n (F : nat -> nat -> nat -> R) :
  \sum_(i < l) \sum_(j < m) \sum_(k < n) F i j k = \sum_(k < n) \sum_(i < l) \sum_(j < m) F i j k.
Proof.
rewrite -(sum_exchange _ _ (fun i k => \sum_(j < m) F i j k)).
by apply: sum_equal => i _; exact: sum_exchange.
Qed.

Lemma sum_exchange4 k l m n (F : nat -> nat -> nat -> nat -> R) :
  \sum_(h < k) \sum_(i < l) \sum_(j < m) \sum_(r < n) F h i j r =
  \sum_(r < n) \sum_(h < k) \sum_(i < l) \sum_(j < m) F h i j r.
Proof.
rewrite -(sum_exchange _ _ (fun h r => \sum_(i < l) \sum_(j < m) F h i j r)).
by apply: sum_equal => h _; exact: sum_exchange3.
Qed.

Lemma sum_first n (F : nat -> R) : \sum_(i < n.+1) F i = F 0%N + \sum_(i < n) F i.+1.
Proof. exact: big_ord_recl. Qed.

Lemma sum_empty (F : nat -> R) : \sum_(i < 0) F i = 0.
Proof. exact: big_ord0. Qed.

Lemma sum_positive n (F : nat -> R) :
  (0 < n)%N -> (forall i, (i < n)%N -> 0 < F i) -> 0 < \sum_(i < n) F i.
Proof.
elim: n F => [//|[|n] IH] F _ pos; rewrite sum_first.
  by rewrite sum_empty; have := pos 0%N isT; lra.
have := pos 0%N isT; have := IH (fun i => F i.+1) isT (fun i => pos i.+1); lra.
Qed.

(** A Kronecker delta under a sum chooses one term. *)
Lemma sum_one n k (F : nat -> R) :
  (k < n)%N -> \sum_(i < n) (if i == k then 1 else 0) * F i = F k.
Proof.
elim: n k F => [//|n IH] [|k] F lt; rewrite sum_first /=.
  by rewrite sum_zero => [|i _ /=]; ring.
by rewrite Rmult_0_l Rplus_0_l -(IH k (fun i => F i.+1) lt); apply: sum_equal => i _; rewrite eqSS.
Qed.

Lemma size_positive n : (0 < n)%N -> 0 < INR n.
Proof. by case: n => // n _; apply: lt_0_INR; apply/ltP. Qed.

(** ** Rules *)

Lemma derive_equal (f : R -> R) (t a b : R) : is_derive f t a -> a = b -> is_derive f t b.
Proof. by move=> ? <-. Qed.

Lemma is_derive_unique2 (f : R -> R) (t a b : R) : is_derive f t a -> is_derive f t b -> a = b.
Proof. by move=> da db; rewrite -(is_derive_unique _ _ _ da) (is_derive_unique _ _ _ db). Qed.

Lemma derive_const (a : R) t : is_derive (fun _ : R => a) t 0.
Proof. exact: is_derive_const. Qed.

Lemma derive_id t : is_derive (fun s : R => s) t 1.
Proof. exact: is_derive_id. Qed.

Lemma derive_scale (a : R) f (t f' : R) : is_derive f t f' -> is_derive (fun s => a * f s) t (a * f').
Proof. by move=> df; apply: is_derive_scal. Qed.

Lemma derive_over (a : R) f (t f' : R) : is_derive f t f' -> is_derive (fun s => f s / a) t (f' / a).
Proof.
move=> df; apply: (is_derive_ext (fun s => / a * f s)) => [s|]; first by rewrite /Rdiv Rmult_comm.
by apply: derive_equal (derive_scale (/ a) df) _; rewrite /Rdiv Rmult_comm.
Qed.

Section Rules.
Variables (f g : R -> R) (t f' g' : R).
Hypothesis df : is_derive f t f'.
Hypothesis dg : is_derive g t g'.

Lemma derive_add : is_derive (fun s => f s + g s) t (f' + g').
Proof. exact: is_derive_plus df dg. Qed.

Lemma derive_opp : is_derive (fun s => - f s) t (- f').
Proof. exact: is_derive_opp df. Qed.

Lemma derive_sub : is_derive (fun s => f s - g s) t (f' - g').
Proof. exact: is_derive_minus df dg. Qed.

Lemma derive_mul : is_derive (fun s => f s * g s) t (f' * g t + f t * g').
Proof. exact: is_derive_mult df dg Rmult_comm. Qed.

Lemma derive_inv : f t <> 0 -> is_derive (fun s => / f s) t (- f' / f t ^ 2).
Proof. exact: is_derive_inv df. Qed.

Lemma derive_div :
  g t <> 0 -> is_derive (fun s => f s / g s) t ((f' * g t - f t * g') / g t ^ 2).
Proof. by move=> g0; apply: derive_equal (is_derive_div _ _ _ _ _ df dg g0) _. Qed.

Lemma derive_pow n :
  is_derive (fun s => f s ^ n) t (IZR (Z.of_nat n) * f' * f t ^ Nat.pred n).
Proof. by rewrite -INR_IZR_INZ; exact: is_derive_pow df. Qed.

(** The chain rule for a function of one variable. *)
Lemma derive_of (F F' : R -> R) :
  is_derive F (f t) (F' (f t)) -> is_derive (fun s => F (f s)) t (F' (f t) * f').
Proof.
move=> dF; apply: derive_equal (is_derive_comp _ _ _ _ _ dF df) _.
by rewrite /scal /= /mult /= Rmult_comm.
Qed.

End Rules.

Lemma derive_sum n (f : nat -> R -> R) (f' : nat -> R) (t : R) :
  (forall i, (i < n)%N -> is_derive (f i) t (f' i)) ->
  is_derive (fun s => \sum_(i < n) f i s) t (\sum_(i < n) f' i).
Proof.
elim: n f f' => [|n IH] f f' df.
  by rewrite sum_empty; apply: (is_derive_ext (fun _ => 0)) => [s|];
    [rewrite sum_empty | exact: derive_const].
rewrite sum_first.
apply: (is_derive_ext (fun s => f 0%N s + \sum_(i < n) f i.+1 s)) => [s|].
  by rewrite sum_first.
by apply: derive_add; [exact: df | apply: (IH (fun i => f i.+1)) => i; exact: (df i.+1)].
Qed.

(** ** Functions of layers *)

Definition sigmoid x := / (1 + exp (- x)).
Definition softplus x := ln (1 + exp x).
Definition relu x := if Rlt_dec 0 x then x else 0.
Definition density x := sqrt 2 * exp (- (x ^ 2 / 2)) / (2 * sqrt PI).
Definition normal_cdf x := / 2 + RInt density 0 x.

(** [above a b] is the bracket [a > b]: 1 if it holds, 0 otherwise. *)
Definition above a b := if Rlt_dec b a then 1 else 0.

(** [if_less a b u v] is u if a < b, and v otherwise. *)
Definition if_less a b u v : R := if Rlt_dec a b then u else v.

Section Functions.
Variables (f : R -> R) (t f' : R).
Hypothesis df : is_derive f t f'.

Lemma derive_exp : is_derive (fun s => exp (f s)) t (exp (f t) * f').
Proof. exact: (derive_of df (F := exp) (F' := exp) (is_derive_exp _)). Qed.

Lemma derive_ln : 0 < f t -> is_derive (fun s => ln (f s)) t (/ f t * f').
Proof. by move=> pos; apply: (derive_of df (F := ln) (F' := Rinv)); exact: is_derive_ln. Qed.

Lemma derive_sqrt : 0 < f t -> is_derive (fun s => sqrt (f s)) t (/ (2 * sqrt (f t)) * f').
Proof.
move=> pos; apply: (derive_of df (F := sqrt) (F' := fun x => / (2 * sqrt x))).
by auto_derive => //; rewrite Rmult_1_l.
Qed.

Lemma derive_power a :
  0 < f t -> is_derive (fun s => Rpower (f s) a) t (a * Rpower (f t) (a - 1) * f').
Proof.
move=> pos.
apply: (derive_of df (F := fun x => Rpower x a) (F' := fun x => a * Rpower x (a - 1))).
by apply/is_derive_Reals; exact: derivable_pt_lim_power.
Qed.

Lemma derive_sin : is_derive (fun s => sin (f s)) t (cos (f t) * f').
Proof. exact: (derive_of df (F := sin) (F' := cos) (is_derive_sin _)). Qed.

Lemma derive_cos : is_derive (fun s => cos (f s)) t (- sin (f t) * f').
Proof. exact: (derive_of df (F := cos) (F' := fun x => - sin x) (is_derive_cos _)). Qed.

Lemma derive_atan : is_derive (fun s => atan (f s)) t (/ (1 + f t ^ 2) * f').
Proof.
apply: (derive_of df (F := atan) (F' := fun x => / (1 + x ^ 2))).
by auto_derive => //; field; nra.
Qed.

Lemma derive_sinh : is_derive (fun s => sinh (f s)) t (cosh (f t) * f').
Proof. by apply: (derive_of df (F := sinh) (F' := cosh)); apply/is_derive_Reals; exact: derivable_pt_lim_sinh. Qed.

Lemma derive_cosh : is_derive (fun s => cosh (f s)) t (sinh (f t) * f').
Proof. by apply: (derive_of df (F := cosh) (F' := sinh)); apply/is_derive_Reals; exact: derivable_pt_lim_cosh. Qed.

Lemma cosh_positive x : 0 < cosh x.
Proof. by rewrite /cosh; have := exp_pos x; have := exp_pos (- x); lra. Qed.

Lemma derive_tanh : is_derive (fun s => tanh (f s)) t ((1 - tanh (f t) ^ 2) * f').
Proof.
apply: (derive_of df (F := tanh) (F' := fun x => 1 - tanh x ^ 2)); set x := f t.
have c0 : cosh x <> 0 by have := cosh_positive x; lra.
have ds : is_derive sinh x (cosh x) by apply/is_derive_Reals; exact: derivable_pt_lim_sinh.
have dc : is_derive cosh x (sinh x) by apply/is_derive_Reals; exact: derivable_pt_lim_cosh.
by apply: derive_equal (derive_div ds dc c0) _; rewrite /tanh; field.
Qed.

Lemma derive_sigmoid :
  is_derive (fun s => sigmoid (f s)) t (sigmoid (f t) * (1 - sigmoid (f t)) * f').
Proof.
apply: (derive_of df (F := sigmoid) (F' := fun x => sigmoid x * (1 - sigmoid x))).
have pos := exp_pos (- f t); rewrite /sigmoid; auto_derive; first lra.
by field; lra.
Qed.

Lemma derive_softplus : is_derive (fun s => softplus (f s)) t (sigmoid (f t) * f').
Proof.
apply: (derive_of df (F := softplus) (F' := sigmoid)).
have pos := exp_pos (f t); rewrite /softplus /sigmoid exp_Ropp; auto_derive; first lra.
by field; lra.
Qed.

Lemma density_continuous x : continuous density x.
Proof.
apply: (ex_derive_continuous (V := R_NormedModule)); rewrite /density; auto_derive.
have := sqrt_lt_R0 2 ltac:(lra); have := sqrt_lt_R0 PI PI_RGT_0.
by split => //; nra.
Qed.

Lemma derive_normal_cdf :
  is_derive (fun s => normal_cdf (f s)) t
            (sqrt 2 * exp (- (f t ^ 2 / 2)) / (2 * sqrt PI) * f').
Proof.
rewrite -/(density (f t)).
apply: (derive_of df (F := normal_cdf) (F' := density)); rewrite -[density (f t)]Rplus_0_l.
apply: derive_add; first exact: derive_const.
apply: (is_derive_RInt _ _ 0); last exact: density_continuous.
apply: filter_forall => x; apply: RInt_correct; apply: ex_RInt_continuous => ? _.
exact: density_continuous.
Qed.

(** Away from where two cases meet, a function of two cases is one of them near the point. *)
Lemma derive_cases (g a b : R -> R) (g' a' b' : R) :
  is_derive g t g' -> is_derive a t a' -> is_derive b t b' -> g t - f t <> 0 ->
  is_derive (fun s => if_less (f s) (g s) (a s) (b s)) t (if_less (f t) (g t) a' b').
Proof.
rewrite /if_less => dg da db apart.
have c : continuous (fun s => g s - f s) t.
  by apply: (ex_derive_continuous (V := R_NormedModule)); exists (g' - f'); apply: derive_sub.
case: (Rlt_dec (f t) (g t)) => [?|?] /=.
  have pos : 0 < g t - f t by lra.
  have near : locally t (fun s => 0 < g s - f s) := c (fun u => 0 < u) (open_gt 0 _ pos).
  apply: is_derive_ext_loc da; apply: filter_imp near => s /= ?.
  by case: Rlt_dec => //= ?; lra.
have [neg|[//|?]] := Rtotal_order (g t - f t) 0; last lra.
have near : locally t (fun s => g s - f s < 0) := c (fun u => u < 0) (open_lt 0 _ neg).
apply: is_derive_ext_loc db; apply: filter_imp near => s /= ?.
by case: Rlt_dec => //= ?; lra.
Qed.

End Functions.

Lemma derive_relu (f : R -> R) (t f' : R) :
  is_derive f t f' -> f t <> 0 -> is_derive (fun s => relu (f s)) t (above (f t) 0 * f').
Proof.
move=> df f0; have apart : f t - 0 <> 0 by rewrite Rminus_0_r.
have := derive_cases (derive_const 0 t) df df (derive_const 0 t) apart.
by move=> d; apply: derive_equal d _; rewrite /above /if_less; case: Rlt_dec => ? /=; ring.
Qed.

(** Near a point where they differ, which of two numbers is larger does not change. *)
Lemma derive_above (f g : R -> R) (t f' g' : R) :
  is_derive f t f' -> is_derive g t g' -> f t - g t <> 0 ->
  is_derive (fun s => above (f s) (g s)) t 0.
Proof.
move=> df dg apart; have := derive_cases dg df (derive_const 1 t) (derive_const 0 t) apart.
by move=> d; apply: derive_equal d _; rewrite /if_less; case: Rlt_dec.
Qed.

(** [at_least a b] is the bracket [a >= b]. *)
Definition at_least a b := if Rlt_dec a b then 0 else 1.

Lemma derive_at_least (f g : R -> R) (t f' g' : R) :
  is_derive f t f' -> is_derive g t g' -> g t - f t <> 0 ->
  is_derive (fun s => at_least (f s) (g s)) t 0.
Proof.
move=> df dg apart; have := derive_cases df dg (derive_const 0 t) (derive_const 1 t) apart.
by move=> d; apply: derive_equal d _; rewrite /if_less; case: Rlt_dec.
Qed.

Lemma derive_maximum (f g : R -> R) (t f' g' : R) :
  is_derive f t f' -> is_derive g t g' -> g t - f t <> 0 ->
  is_derive (fun s => Rmax (f s) (g s)) t (at_least (f t) (g t) * f' + above (g t) (f t) * g').
Proof.
move=> df dg apart; apply: (is_derive_ext (fun s => if_less (f s) (g s) (g s) (f s))) => [s|].
  by rewrite /if_less /Rmax; case: Rlt_dec => ? /=; case: Rle_dec => ? /=; lra.
apply: derive_equal (derive_cases df dg dg df apart) _.
by rewrite /if_less /at_least /above; case: Rlt_dec => ? /=; ring.
Qed.

Lemma derive_abs (f : R -> R) (t f' : R) :
  is_derive f t f' -> f t <> 0 -> is_derive (fun s => Rabs (f s)) t (sign (f t) * f').
Proof. move=> df f0; exact: is_derive_Rabs. Qed.
