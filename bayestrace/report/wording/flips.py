"""Every flip point in words: one sentence each, and one where nothing flips."""

from bayestrace.messages.wording import Both

FLIPS: dict[str, Both] = {
    "tied": Both(
        "No explanation leads {case}: {names} are equally probable, and the least change lets one of them lead.",
        "{case}没有解释居首：{names}同样可能，稍有变动便会有一种居首。",
    ),
    "prior-lead": Both(
        "“{name}” would have to have a prior probability of {at} instead of {base} to lead {case}.",
        "“{name}”的先验概率须为{at}而非{base}，才会在{case}居首。",
    ),
    "prior-lose": Both(
        "“{name}” leads {case} unless its prior probability falls to {at} from {base}; then “{to}” leads.",
        "“{name}”在{case}居首，直至其先验概率由{base}降至{at}；届时改由“{to}”居首。",
    ),
    "prior-other": Both(
        "If the prior probability of “{name}” were {at} instead of {base}, “{to}” would lead {case}.",
        "若“{name}”的先验概率为{at}而非{base}，则“{to}”在{case}居首。",
    ),
    "prior-never": Both(
        "No prior probability of “{name}” up to {reach} makes it lead {case}.",
        "“{name}”的先验概率即使高达{reach}，也不会在{case}居首。",
    ),
    "prior-always": Both(
        "“{name}” leads {case} at every prior probability from {reach} up.",
        "“{name}”的先验概率只要不低于{reach}，便在{case}居首。",
    ),
    "prior-even": Both("It reaches 50\u00a0% from a prior of {even} on.", "先验概率不低于{even}时，后验概率可达50%。"),
    "prior-sure": Both("It reaches 95\u00a0% from a prior of {sure} on.", "先验概率不低于{sure}时，后验概率可达95%。"),
    "simplex-flip": Both(
        "Of all priors tried, the nearest under which another explanation leads {case} moves {at} of prior probability "
        "from one explanation to another: {prior}; then “{to}” leads.",
        "在所试的全部先验中，使{case}改换居首解释的最近一种，只须把{at}的先验概率从一些解释移到另一些解释：{prior}；届时由“{to}”居首。",
    ),
    "simplex-share": Both("Under {share} of them “{leader}” leads.", "其中{share}的先验仍由“{leader}”居首。"),
    "simplex-none": Both(
        "Under none of the priors tried does another explanation lead {case}.",
        "所试的先验无一使其他解释在{case}居首。",
    ),
    "simplex-believes": Both("“{name}” {share}", "“{name}”{share}"),
    "kappa-flip": Both(
        "With the concentration κ of the pools fixed at {at}, “{to}” would lead {case}.",
        "若解释池的集中度κ固定为{at}，则“{to}”在{case}居首。",
    ),
    "kappa-none": Both(
        "However strongly the pools are concentrated, “{leader}” leads {case}.",
        "无论解释池的集中度如何，“{leader}”均在{case}居首。",
    ),
    "level-flip": Both(
        "If the expected share of the pooling level “{name}” were {at} instead of {base}, “{to}” would lead {case}.",
        "若合并层次“{name}”的期望份额为{at}而非{base}，则“{to}”在{case}居首。",
    ),
    "level-none": Both(
        "No share of a pooling level, from none to all, changes the leader of {case}.",
        "任一合并层次的份额，自零至全部，均不改变{case}居首的解释。",
    ),
    "redundancy-flip": Both(
        "If the observations of a cluster were redundant to {at} on average instead of {base}, “{to}” "
        "would lead {case}.",
        "若同簇观察的平均冗余度为{at}而非{base}，则“{to}”在{case}居首。",
    ),
    "redundancy-none": Both(
        "Even if every cluster told a single thing, “{leader}” would lead {case}.",
        "即使每一簇只相当于一条观察，“{leader}”仍在{case}居首。",
    ),
    "reliability-flip": Both(
        "If observations were as reported with a probability of {at} on average instead of {base}, “{to}” would lead "
        "{case}.",
        "若观察属实的平均概率为{at}而非{base}，则“{to}”在{case}居首。",
    ),
    "reliability-none": Both(
        "No reliability of the sources, however low, makes another explanation lead {case}.",
        "资料的可靠性再低，也不会使其他解释在{case}居首。",
    ),
    "selectivity-flip": Both(
        "If contrary clusters had been left out with a probability of {at} instead of {base} by an author who argues "
        "for “{favoured}”, “{to}” would lead {case}.",
        "若主张“{favoured}”的作者略去不利证据簇的概率为{at}而非{base}，则“{to}”在{case}居首。",
    ),
    "selectivity-none": Both(
        "Even if an author who argues for “{favoured}” had left out contrary clusters with a probability of {reach}, "
        "“{leader}” would lead {case}.",
        "即使主张“{favoured}”的作者略去不利证据簇的概率高达{reach}，“{leader}”仍在{case}居首。",
    ),
    "selectivity-leader-flip": Both(
        "If the sources of {case} had left out clusters contrary to “{leader}” with a probability of {at}, “{to}” "
        "would lead.",
        "若{case}的资料略去不利于“{leader}”的证据簇的概率为{at}，则“{to}”居首。",
    ),
    "selectivity-leader-none": Both(
        "Even if the sources of {case} had left out clusters contrary to “{leader}” with a probability of {reach}, it "
        "would lead.",
        "即使{case}的资料略去不利于“{leader}”的证据簇的概率高达{reach}，它仍居首。",
    ),
    "leaning-flip": Both(
        "If every coder leaned {at}\u00a0dB per observation towards “{leader}”, “{to}” would lead {case}.",
        "若每位编码者在每条观察上都偏向“{leader}”{at}分贝，则“{to}”在{case}居首。",
    ),
    "leaning-none": Both(
        "Even if every coder leaned {reach}\u00a0dB per observation towards “{leader}”, it would lead {case}.",
        "即使每位编码者在每条观察上都偏向“{leader}”{reach}分贝，它仍在{case}居首。",
    ),
    "scale-flip": Both(
        "If all coders stated weights {at} times as large as they should be, “{to}” would lead {case}.",
        "若所有编码者所述的权重为应有的{at}倍，则“{to}”在{case}居首。",
    ),
    "scale-none": Both(
        "Whether all coders over- or understate their weights, by a factor of up to {reach}, “{leader}” leads {case}.",
        "无论所有编码者把权重夸大还是缩小（至{reach}倍为止），“{leader}”均在{case}居首。",
    ),
    "joined-flip": Both(
        "If all observations of a step were one cluster with a redundancy of {at}, “{to}” would lead {case}.",
        "若每个步骤的全部观察合为一簇、冗余度为{at}，则“{to}”在{case}居首。",
    ),
    "joined-none": Both(
        "Even if all observations of a step told a single thing, “{leader}” would lead {case}.",
        "即使每个步骤的全部观察只相当于一条，“{leader}”仍在{case}居首。",
    ),
    "bounds-flip": Both(
        "If every stated weight lay {at} of the way to the end of its range that is worst for “{leader}”, “{to}” would "
        "lead {case}.",
        "若每个所述权重都向对“{leader}”最不利的区间端点移动{at}，则“{to}”在{case}居首。",
    ),
    "bounds-none": Both(
        "Even with every stated weight at the end of its range that is worst for “{leader}”, it leads {case}.",
        "即使每个所述权重都取对“{leader}”最不利的区间端点，它仍在{case}居首。",
    ),
    "bounds-one-flip": Both(
        "If the weights of the coder “{name}” alone lay {at} of the way to their worst ends, “{to}” would lead {case}.",
        "若仅编码者“{name}”的权重向最不利端点移动{at}，则“{to}”在{case}居首。",
    ),
    "profiles-flip": Both(
        "Under the prior profile “{name}” “{to}” would lead {case}.",
        "若采用先验设定“{name}”，则“{to}”在{case}居首。",
    ),
    "profiles-tied": Both(
        "Under the prior profile “{name}” no explanation would lead {case}: several would be equally probable.",
        "若采用先验设定“{name}”，则{case}没有解释居首：有几种解释同样可能。",
    ),
    "profiles-none": Both(
        "Under every prior profile of the study “{leader}” leads {case}.",
        "在本研究的各种先验设定下，“{leader}”均在{case}居首。",
    ),
    "limits-no-pooling": Both(
        "Without pooling, on its own evidence alone, “{to}” would lead {case}.",
        "若不合并，仅凭本案例的证据，则“{to}”在{case}居首。",
    ),
    "limits-one-explanation": Both(
        "If one explanation had to hold for all cases, “{to}” would lead {case}.",
        "若所有案例须为同一种解释，则“{to}”在{case}居首。",
    ),
    "limits-no-pooling-tied": Both(
        "Without pooling, on its own evidence alone, no explanation would lead {case}: several would be equally "
        "probable.",
        "若不合并，仅凭本案例的证据，则{case}没有解释居首：有几种解释同样可能。",
    ),
    "limits-one-explanation-tied": Both(
        "If one explanation had to hold for all cases, none would lead {case}: several would be equally probable.",
        "若所有案例须为同一种解释，则{case}没有解释居首：有几种解释同样可能。",
    ),
    "out-flip": Both(
        "Leaving out one {kind}, any of these, is enough for “{to}” to lead {case}: {names}.",
        "只须去掉{kind}（以下任一），“{to}”便在{case}居首：{names}。",
    ),
    "out-single": Both(
        "Leaving out a single {kind} is enough for “{to}” to lead {case}: {names}.",
        "只须去掉{kind}，“{to}”便在{case}居首：{names}。",
    ),
    "out-none": Both(
        "Whichever one of these is left out, “{leader}” leads {case}: {kinds}.",
        "以下各类无论去掉哪一项，“{leader}”均在{case}居首：{kinds}。",
    ),
    "smallest-flip": Both(
        "Leaving out {size} observations together would be enough for “{to}” to lead {case}: {names}.",
        "同时去掉{size}条观察，“{to}”便足以在{case}居首：{names}。",
    ),
    "smallest-more": Both("{number} more", "另外{number}条"),
    "smallest-one": Both(
        "Leaving out a single observation would be enough for “{to}” to lead {case}: {names}.",
        "只须去掉一条观察，“{to}”便足以在{case}居首：{names}。",
    ),
    "smallest-bound": Both(
        "No fewer than {bound} would do; that {size} are the fewest is not proved.",
        "少于{bound}条不可能做到；{size}条是否最少，未得证明。",
    ),
    "smallest-unknown": Both(
        "No set of observations was found that could be left out for another explanation to lead {case}. Not all sets "
        "were tried, so there may be one of {bound} or more.",
        "未找到去掉后会使其他解释在{case}居首的一组观察。并未试遍所有组合，故仍可能有一组{bound}条或更多的观察能做到。",
    ),
    "smallest-none": Both(
        "No set of observations that may be left out makes another explanation lead {case}.",
        "无论去掉哪些观察，均不会使其他解释在{case}居首。",
    ),
    "rival-flip": Both(
        "An explanation that nobody listed, with a prior probability of {prior}, would have to do better than "
        "“{leader}” by {each}\u00a0dB per observation, {all}\u00a0dB in all, to lead {case}.",
        "若有一种未列入的解释，先验概率为{prior}，则须在每条观察上胜过“{leader}”{each}分贝、合计{all}分贝，才会在{case}居首。",
    ),
    "multiverse-share": Both(
        "In {case} “{leader}” leads under {share} of the {count} combinations of choices.",
        "在{count}种选择组合中，“{leader}”在{case}居首者占{share}。",
    ),
    "multiverse-most": Both(
        "What matters most there for “{name}” is the choice “{choice}”: {share} of the variance.",
        "其中对“{name}”影响最大的选择是“{choice}”，占方差的{share}。",
    ),
    "power-conflict": Both(
        "In {case} prior and evidence pull apart: both move the answer.",
        "在{case}，先验与证据相左：二者均会改变结论。",
    ),
    "power-weak": Both(
        "In {case} the evidence says little beside the prior: only the prior moves the answer.",
        "在{case}，证据相对于先验说明不了多少问题：只有先验会改变结论。",
    ),
}
