"""Hold what sheets say, in English and Chinese: workbook and form alike."""

from __future__ import annotations

from bayestrace.messages import Both, Lang, speaker

WORDS: dict[str, Both] = {
    # What both show.
    "kicker": Both("Coding sheet for {coder}⟦, round {turn}⟧", "编码表：{coder}⟦，第 {turn} 轮⟧"),
    "explanations": Both("The explanations", "各种解释"),
    "focal": Both("focal", "焦点解释"),
    "rival": Both("rival", "竞争解释"),
    "codebook": Both("Codebook", "编码手册"),
    "scale": Both("The scale", "量表"),
    "from-db": Both("from {db} dB", "{db} dB 起"),
    "context": Both("Background: nothing to fill in", "背景：无须填写"),
    "over": Both("{one} over {other}", "“{one}”相对于“{other}”"),
    "for": Both("for {name}", "支持“{name}”"),
    "colon": Both(": ", "："),
    "source": Both("Source", "来源"),
    "step": Both("Step", "步骤"),
    "date": Both("Date", "日期"),
    "actors": Both("Actors", "行为体"),
    "cluster": Both("Cluster", "证据簇"),
    "domain": Both("Domain", "领域"),
    # The workbook's sheets.
    "sheet-start": Both("Codebook", "编码手册"),
    "sheet-coding": Both("Coding", "编码"),
    "sheet-redundancy": Both("Redundancy", "冗余度"),
    "how-title": Both("How to fill in this workbook", "如何填写本工作簿"),
    "how-1": Both(
        "On the sheet “Coding” fill in the coloured cells, one row for each observation and rival; leave empty what "
        "you "
        "do not judge.",
        "请在“编码”表中填写有底色的单元格，每条观察对每个竞争解释一行；不作判断的请留空。",
    ),
    "how-2": Both(
        "“Best” is your weight in decibels of “{focal}” over the rival of the row: above zero it favours “{focal}”, "
        "below zero the rival, zero neither. “Low” and “High” bound a range that you hold to be right nine times in "
        "ten; fill in both or neither.",
        "“最佳”是以分贝计的权重，即“{focal}”相对于该行竞争解释的权重：大于零支持“{focal}”，小于零支持竞争解释，"
        "零表示两不相帮。"
        "“低”与“高”构成你认为十次中有九次正确的区间；两者都填，或都不填。",
    ),
    "how-3": Both(
        "In the place of “Best” you may choose a word from the list beside it, or write a ratio such as 5:1 (favours "
        "“{focal}”) or 1:5 (favours the rival).",
        "也可不填“最佳”，而在其旁的列表中选一个词，或写一个比值，例如 5:1（支持“{focal}”）或 1:5（支持竞争解释）。",
    ),
    "how-4": Both(
        "“P(found)” and “Reason” are asked once for each observation, on its first row: how probable it is that a "
        "diligent search would have found this observation or one as telling, were “{focal}” true; and why you weigh "
        "it "
        "so.",
        "“找到的概率”与“理由”每条观察只问一次，填在其第一行：假如“{focal}”为真，"
        "认真搜寻而能找到这条观察或同样有说服力的观察的概率；"
        "以及如此权衡的理由。",
    ),
    "how-5": Both(
        "On the sheet “Redundancy” say of each cluster how far its observations say one thing: 0 if each is separate "
        "news, 1 if all say the same.",
        "请在“冗余度”表中说明每个证据簇的各条观察在多大程度上说的是同一件事：0 表示各为独立信息，1 表示全是同一信息。",
    ),
    "how-6": Both(
        "Do not add, move or merge rows. Save the file as it is (.xlsx) and send it back.",
        "请勿增删、移动行或合并单元格。填完后照原格式（.xlsx）保存并寄回。",
    ),
    "ask-weight": Both(
        "Decibels, “{focal}” over the rival of this row; empty if you do not judge it.",
        "分贝数，“{focal}”相对于本行竞争解释；不作判断请留空。",
    ),
    "ask-word": Both(
        "In the place of “Best”: a word of the list, or a ratio such as 5:1 or 1:20.",
        "用以代替“最佳”：选列表中的词，或写比值，例如 5:1、1:20。",
    ),
    "ask-p": Both(
        "Above 0 and up to 1: the probability of finding this observation, were “{focal}” true.",
        "大于 0、不超过 1：假如“{focal}”为真，找到这条观察的概率。",
    ),
    "ask-share": Both(
        "From 0 (each observation is separate news) to 1 (all say the same).",
        "0（各观察互为独立信息）至 1（全是同一信息）。",
    ),
    "wrong-weight": Both(
        "A number of decibels from -100 to 100 is expected, such as -3.5.", "此处应为 -100 至 100 的分贝数，例如 -3.5。"
    ),
    "wrong-p": Both("A number above 0 and up to 1 is expected.", "此处应为大于 0、不超过 1 的数。"),
    "wrong-share": Both("A number from 0 to 1 is expected.", "此处应为 0 至 1 的数。"),
    "wrong-word": Both(
        "This is no word of the list. A ratio such as 5:1 may stand. Keep it?",
        "此词不在列表中；比值如 5:1 可以保留。是否保留？",
    ),
    "wrong-title": Both("Please look again", "请再看一下"),
    "word-for": Both("for: {word}", "支持：{word}"),
    "word-against": Both("against: {word}", "反对：{word}"),
    "page-of": Both("&P of &N", "第 &P 页，共 &N 页"),
}
say = speaker(WORDS)

_SHORT = Both(
    """\
# How to weigh the evidence

Read each observation and say how much it favours the focal explanation over each rival. The unit is the decibel (dB) of
I. J. Good's weight of evidence: ten times the logarithm, to base 10, of how many times as probable the observation is
under the focal explanation as under the rival. 3 dB are twice as probable, 10 dB ten times, 20 dB a hundred times. A
positive weight favours the focal explanation, a negative one the rival; 0 says that both expected it equally.

1. Ask of each observation: before I saw it, how much would each explanation have led me to expect it, in this case,
   given what is known to all of them?
2. Give your best weight, and a range that you hold to be right nine times in ten.
3. Judge one observation at a time, as if it were the first that you learned. How far those of one cluster say the same
   thing is asked apart.
4. Weigh each observation as if it were so: doubt about its source is handled apart.
5. Say why, in one or two sentences, naming the rival that comes closest.
""",
    """\
# 如何权衡证据

请逐条阅读观察，说明每条观察相对于各个竞争解释在多大程度上支持焦点解释。单位是 I. J. 古德（Good）所定义的证据权重，
以分贝（dB）计：观察在焦点解释之下的概率是在竞争解释之下的多少倍，取其以 10 为底的对数，再乘以十。3 分贝约为两倍，
10 分贝为十倍，20 分贝为一百倍。正值支持焦点解释，负值支持竞争解释；0 表示两种解释同等程度地预期这一观察。

1. 对每条观察都要问：在看到它之前，就本案例而言，在各种解释共同的背景之下，每种解释会使我在多大程度上预期它？
2. 给出最恰当的权重，以及一个你认为十次中有九次正确的区间。
3. 逐条判断，就像它是你最先得知的一条。同一证据簇的各条在多大程度上说的是同一件事，另行询问。
4. 权衡每条观察时，都当它确有其事：对来源的怀疑另行处理。
5. 用一两句话说明理由，并点出与之最接近的竞争解释。
""",
)


def codebook_in_short(lang: Lang) -> str:
    """Return the Markdown of a codebook for studies that have none."""
    return _SHORT.zh if lang == "zh" else _SHORT.en
