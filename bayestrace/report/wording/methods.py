"""The methods and limits of the engine, in words and formulas."""

from typing import Literal, NamedTuple

from bayestrace.messages.wording import Both

#: Every result; what coders stated of observations; that modelled; clues; nothing but clues, exactly or drawn.
Topic = Literal["all", "observations", "model", "clues", "clues-alone", "clues-exact", "clues-drawn"]


class Passage(NamedTuple):
    """A paragraph with the formula that follows it, if any, and of what it speaks: see `Topic`."""

    title: Both
    text: Both
    formula: str = ""
    of: Topic = "all"


METHODS: tuple[Passage, ...] = (
    Passage(
        Both("Weight of evidence", "证据权重"),
        Both(
            "How much an observation E favours explanation a over explanation b is the logarithm of the likelihood "
            "ratio, in decibels (Good 1950): 10 dB is a ratio of 10, 20 dB of 100, 3 dB about 2. Weights of "
            "independent observations add up. Prior odds times the likelihood ratio are the posterior odds.",
            "观察E在多大程度上支持解释a而非解释b，以似然比的对数衡量，单位为分贝（Good 1950）："
            "10分贝即似然比为10，20分贝为100，"
            "3分贝约为2。相互独立的观察，其权重可以相加。先验几率乘以似然比，即为后验几率。",
        ),
        "W(a : b) = 10 · log₁₀ [ P(E | a) / P(E | b) ]",
    ),
    Passage(
        Both("Face value", "面值"),
        Both(
            "The coders' best weights are averaged and added up, case by case, as if coders were perfect and "
            "observations independent. This is Bayesian process tracing as it is practised, and the limit of the model "
            "when both hold. With redundancy counted, coders are still perfect, and the weight of each cluster of n "
            "observations is divided by 1 + (n − 1)r, r being the redundancy that coders stated (Kish 1965).",
            "把编码者给出的最佳权重取平均，再逐案相加，视编码者为完全准确、视各观察为彼此独立。这是贝叶斯过程追踪的通行做法，"
            "也是两个前提都成立时模型的极限。计入冗余度时，仍视编码者为完全准确，"
            "而把每簇n条观察的权重除以1 + (n − 1)r，其中r为编码者所述的冗余度（Kish 1965）。",
        ),
        "P(k | case) ∝ mₖ · exp( Σₑ ℓₑₖ )",
        of="observations",
    ),
    Passage(
        Both("Stated weights are data", "所述权重是数据"),
        Both(
            "A stated weight is read as a true weight seen through a coder's scale, leaning and noise. A true weight "
            "has a property that ties its mean to its variance: under explanation k it is Normal around ½v in the "
            "direction "
            "of k, with variance ½v per contrast, v being how telling the evidence is. That keeps noise from passing "
            "for evidence. Coders share part of their error: more coders do not buy false precision.",
            "所述权重被视为经由编码者的尺度、倾向和噪声而看到的真实权重。真实权重有一个性质，把它的均值与方差联系起来："
            "在解释k之下，它服从以k方向上½v为中心、每一对比方差为½v的正态分布，v表示证据的说明力。"
            "这样，噪声便不会被当作证据。编码者的误差有一部分是共同的：编码者再多，也换不来虚假的精确。",
        ),
        "xₑ | k ~ Normal( ½v · H uₖ , ½v · I )      yⱼₑ ~ Normal( scaleⱼ · (xₑ + ηₑ) + leaningⱼ , varianceⱼₑ · I )",
        of="model",
    ),
    Passage(
        Both("The ledger of a cluster", "证据簇的权重账目"),
        Both(
            "Observations of one event or dispute form a cluster. Its weight is given at face value and then after "
            "each "
            "correction in turn: for the coders' noise; for redundancy r, by which n observations weigh as n / (1 + "
            "(n − 1) r); for selection, should an author have left out what tells against a thesis; and for "
            "reliability q, by which what is probably not so says nothing of the explanations.",
            "出自同一事件或同一争端的观察组成一个证据簇。先给出其面值权重，再依次作出修正：编码者的噪声；冗余度r，"
            "即n条观察只相当于n ÷ [1 + (n − 1)r]条；取舍，即作者可能略去了不利于其论点的材料；以及可靠性q，"
            "即很可能不实的报告对各种解释不提供任何信息。",
        ),
        "p(cluster | k) = q · Nₖ / Rₖ + (1 − q) · mean(N) / mean(R)",
        of="model",
    ),
    Passage(
        Both("Clues", "线索"),
        Both(
            "Under explanation k a clue is found with probability φₖ, and by a search that would have found it with "
            "probability s only with sφₖ. Found weighs sφₖ, sought and not found 1 − sφₖ, not sought nothing. The φ "
            "are shared by the cases; where they are uncertain they have a Beta distribution, and are learned together "
            "with the explanations. Two clues that are not independent given the explanation enter as a pair, with "
            "their stated correlation.",
            "在解释k之下，线索以概率φₖ被找到；若查找本身只有概率s能找到它，则为sφₖ。"
            "找到计sφₖ，查找而未找到计1 − sφₖ，未查找不计。"
            "各案例共用同一组φ；φ不确定者服从贝塔分布，并与解释一起由证据更新。"
            "在给定解释之下并不独立的两条线索，按所述相关系数成对计入。",
        ),
        "W(a : b) = 10 · log₁₀( φₐ / φ_b )  or  10 · log₁₀[ (1 − sφₐ) / (1 − sφ_b) ]",
        of="clues",
    ),
    Passage(
        Both("The clues exactly", "线索的精确计算"),
        Both(
            "Cases that are alike in all the study knows are of one kind; an allotment says how many cases of every "
            "kind each explanation has. Given an allotment, the evidence is a product over clues of expectations over "
            "their probabilities, which Gauss-Jacobi quadrature gives exactly where clues are independent. Everything "
            "is a sum over allotments, or over all joint explanations where pools are shared at several levels "
            "(Humphreys and Jacobs 2015 sample what is summed here).",
            "在研究所知的一切方面都相同的案例属于同一类；一种分配说明每一类中各种解释各占几个案例。给定分配，"
            "证据是各线索对其概率取期望之积；线索相互独立时，高斯–雅可比求积给出精确值。所有结果都是对各种分配求和；"
            "若解释池在多个层次上共有，则对全部联合解释求和（Humphreys and Jacobs 2015对此处求和的量采用抽样）。",
        ),
        of="clues-exact",
    ),
    Passage(
        Both("Pooling", "合并估计"),
        Both(
            "Each case takes its explanation from the common pool, from the pool of one of its groups, or from its "
            "own. "
            "The pools scatter around the stated prior m with concentration κ, the levels are weighted by ω, and both "
            "are integrated out exactly. Whatever κ and ω, the prior probability of every explanation in every case "
            "stays m.",
            "每个案例的解释取自共有的解释池、所属某一组的解释池，或案例自有的解释池。各解释池以集中度κ围绕所述先验m分布，各层次以ω加权，"
            "二者均被精确积分。无论κ和ω取何值，每个案例中每种解释的先验概率始终是m。",
        ),
        "Z ~ Categorical( Σ_level ω_level · π_pool )      π_pool ~ Dirichlet( κ · m )      ω ~ Dirichlet( a )",
    ),
    Passage(
        Both("Probabilities and intervals", "概率与区间"),
        Both(
            "The dot is the posterior mean. An interval shows how far the probability moves over the draws of what is "
            "unknown about coders and signal: half of the draws lie in the 50 % interval, 94 of 100 in the 94 % "
            "interval. A weight whose 94 % interval brackets 0 dB is called inconclusive.",
            "圆点为后验均值。区间表明，随着编码者与信号方面未知量的抽样，概率会变动多大：一半的抽样落在50%区间内，"
            "每100次中有94次落在94%区间内。94%区间包含0分贝的权重，称为不足以定论。",
        ),
        of="model",
    ),
    Passage(
        Both("Probabilities and intervals", "概率与区间"),
        Both(
            "The dot is the posterior mean. An interval shows how far the probability moves over the draws of what is "
            "unknown about the clues and the pools: half of the draws lie in the 50 % interval, 94 of 100 in the 94 % "
            "interval.",
            "圆点为后验均值。区间表明，随着线索与解释池方面未知量的抽样，概率会变动多大：一半的抽样落在50%区间内，"
            "每100次中有94次落在94%区间内。",
        ),
        of="clues-drawn",
    ),
    Passage(
        Both("Tests", "检验类型"),
        Both(
            "Van Evera's types follow from how probable it was to find the observation if the focal explanation were "
            "true, as the coders state, and if its closest rival were. They are shown for orientation; no number rests "
            "on them.",
            "范·埃弗拉的检验类型，取决于焦点解释为真时找到该观察的概率（由编码者给出），以及最接近的竞争解释为真时的这一概率。"
            "类型只供参考，任何数字都不以之为据。",
        ),
        of="observations",
    ),
)

LIMITS: tuple[Passage, ...] = (
    Passage(
        Both("Probabilities of clues", "线索的概率"),
        Both(
            "How probable an explanation makes a clue is what the study states, with its reasons; the cases can "
            "correct it only a little. Clues are taken to be independent given the explanation unless the study says "
            "otherwise.",
            "解释使线索出现的概率是研究所陈述并附有理由的，各案例只能对它稍作修正。除研究另有说明外，视各线索在给定解释之下彼此独立。",
        ),
        of="clues",
    ),
    Passage(
        Both("What the program cannot know", "程序无从得知的事"),
        Both(
            "Whether the searches were made as described, whether what was found was judged alike in all cases, and "
            "whether the right clues were sought.",
            "查找是否如所述进行，各案例中的判断是否一致，该找的线索是否都找过。",
        ),
        of="clues-alone",
    ),
    Passage(
        Both("Selection", "取舍"),
        Both(
            "The observations are those that the study reports. How many clusters were reported is not used: a source "
            "that reports much for its thesis is not thereby believed more, nor less.",
            "所用观察只是本研究所报告的观察。报告了多少个证据簇，这一数目本身未被利用：不因来源为其论点报告得多而更信它，也不因此更不信它。",
        ),
        of="observations",
    ),
    Passage(
        Both("Dependence across cases", "跨案例的相依性"),
        Both(
            "A cluster that spans cases is split by case, and the dependence between its parts is ignored.",
            "跨案例的证据簇按案例拆分，其各部分之间的相依性不予考虑。",
        ),
        of="observations",
    ),
    Passage(
        Both("Common scale", "共同尺度"),
        Both(
            "Only the relative scale of coders can be learned. The scale common to all is fixed at 1: if all coders "
            "overstate weights alike, so does this report.",
            "只能得知编码者之间的相对尺度。所有编码者共同的尺度固定为1：如果编码者都同样夸大了权重，本报告也会如此。",
        ),
        of="model",
    ),
    Passage(
        Both("Exclusive explanations", "互斥的解释"),
        Both(
            "One explanation is taken to have done most of the work in each case, and it is one of those listed. An "
            "explanation that nobody listed has no probability here.",
            "假定每个案例中有一种解释起了主要作用，且它就在所列之中。未列入的解释，在此不占概率。",
        ),
    ),
    Passage(
        Both("What the program cannot know", "程序无从得知的事"),
        Both(
            "Whether the observations are described fairly, whether the coders understood the explanations alike, and "
            "whether the right observations were sought.",
            "观察的表述是否公允，编码者对各种解释的理解是否一致，该找的观察是否都找过。",
        ),
        of="observations",
    ),
)
