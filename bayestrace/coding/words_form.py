"""Hold what the form says, in English and Chinese: in its markup, and by its script."""

from __future__ import annotations

from bayestrace.messages import Both

FORM: dict[str, Both] = {
    "title": Both("{study}: coding sheet for {coder}", "{study}：{coder}的编码表"),
    "skip": Both("Skip to the observations", "跳至各条观察"),
    "how": Both("How to fill in this page", "如何填写本页"),
    "how-1": Both(
        "Read each observation and say how much it favours “{focal}” over each rival: drag the slider, or type a "
        "number "
        "of decibels, a ratio such as 5:1, or a word of the scale. To the right favours “{focal}”, to the left the "
        "rival. What you do not judge, leave as it is.",
        "请阅读每条观察，说明它相对于各个竞争解释在多大程度上支持“{focal}”：拖动滑块，或键入分贝数、比值（如 "
        "5:1）或量表中的词。"
        "向右支持“{focal}”，向左支持竞争解释。不作判断的，保持原样即可。",
    ),
    "how-2": Both(
        "“Low” and “high” bound a range that you hold to be right nine times in ten; give both or neither.",
        "“低”与“高”构成你认为十次中有九次正确的区间；两者都给，或都不给。",
    ),
    "how-3": Both(
        "The probability of finding: were “{focal}” true, how probably would a diligent search have found this "
        "observation or one as telling? With it the page says what kind of test the observation is.",
        "找到的概率：假如“{focal}”为真，认真搜寻有多大可能找到这条观察或同样有说服力的观察？填写之后，"
        "本页会指出该观察属于哪一类检验。",
    ),
    "how-4": Both(
        "Your work stays in this browser and is sent nowhere. Browsers may clear it, so save a file now and then; "
        "“Load a "
        "file” takes it up again. When you are done, save the file and send it back.",
        "你的填写只保存在本浏览器中，不会发送到任何地方。浏览器可能清除数据，请不时保存文件；“载入文件”可接着填写。"
        "完成后请保存文件并寄回。",
    ),
    "how-5": Both(
        "By keyboard: Tab moves from field to field, arrow keys move a slider, Ctrl+Enter goes to the next observation "
        "not yet coded, Ctrl+S saves the file.",
        "键盘操作：Tab 在各项之间移动，方向键移动滑块，Ctrl+Enter 转到下一条未编码的观察，Ctrl+S 保存文件。",
    ),
    "observations": Both("The observations", "各条观察"),
    "redundancy": Both("How far clusters repeat themselves", "各证据簇的冗余度"),
    "redundancy-how": Both(
        "Of each cluster: how far do its observations say one thing? 0: each is separate news. 1: all say the same, so "
        "that together they weigh no more than their average.",
        "对每个证据簇：其中的各条观察在多大程度上说的是同一件事？0 表示各为独立信息，1 表示全是同一信息，"
        "合起来的分量不超过其平均值。",
    ),
    "tools": Both("Progress and files", "进度与文件"),
    "next": Both("Next uncoded", "下一条未编码"),
    "show": Both("Show", "显示"),
    "show-all": Both("all", "全部"),
    "show-open": Both("not yet coded", "尚未编码"),
    "show-coded": Both("coded", "已编码"),
    "save": Both("Save the file to send back", "保存文件（用于寄回）"),
    "save-short": Both("Save the file", "保存文件"),
    "load": Both("Load a file", "载入文件"),
    "csv": Both("Weights as CSV", "权重（CSV）"),
    "csv-redundancy": Both("Redundancy as CSV", "冗余度（CSV）"),
    "low": Both("Low", "低"),
    "best": Both("Best", "最佳"),
    "high": Both("High", "高"),
    "typed": Both("{what}, typed", "{what}（键入）"),
    "slid": Both("{what}, slider", "{what}（滑块）"),
    "zero": Both("No help: 0", "无助益：0"),
    "clear": Both("Clear", "清除"),
    "p": Both("Probability of finding it, were “{focal}” true", "假如“{focal}”为真，找到它的概率"),
    "reason": Both("Reason", "理由"),
    "reason-hint": Both(
        "One or two sentences; name the rival that comes closest.", "一两句话；请点出与之最接近的竞争解释。"
    ),
    "no-script": Both(
        "This page needs JavaScript. Open it in a browser that allows it, or ask for the workbook.",
        "本页需要 JavaScript。请用允许脚本的浏览器打开，或索取工作簿。",
    ),
    "test-legend": Both(
        "Kinds of test, against the closest rival: hoop, if finding it is at least {certain} probable under “{focal}”; "
        "smoking gun, if at most {unique} under the rival, and less than under “{focal}”; both: doubly decisive; "
        "neither: straw in the wind.",
        "检验类型（针对最接近的竞争解释）：在“{focal}”之下找到的概率不低于 {certain} 为环箍检验；"
        "在竞争解释之下不高于 {unique}、且低于“{focal}”之下者为冒烟枪检验；"
        "两者兼具为双重决定性检验；两者皆非为风中稻草检验。",
    ),
}

SPOKEN: dict[str, Both] = {
    "unset": Both("not yet judged", "尚未判断"),
    "even": Both("equally probable under both", "在两者之下概率相同"),
    "weighs": Both(
        "{word}, for “{for}”: {ratio} times as probable under “{for}” as under “{other}” ({one} : {two})",
        "{word}，支持“{for}”：在“{for}”之下的概率是在“{other}”之下的 {ratio} 倍（{one} : {two}）",
    ),
    "db": Both("{db} dB", "{db} dB"),
    "not-weight": Both(
        "“{text}” is no weight: write decibels (-3.5), a ratio (5:1, 1:20) or a word of the scale.",
        "“{text}”不是权重：请写分贝数（-3.5）、比值（5:1、1:20）或量表中的词。",
    ),
    "not-share": Both(
        "“{text}” is no number from 0 to 1, written with a point.", "“{text}”不是 0 至 1 之间的数（小数点用“.”）。"
    ),
    "not-p": Both(
        "“{text}” is no probability: above 0, up to 1, written with a point.",
        "“{text}”不是概率：应大于 0、不超过 1，小数点用“.”。",
    ),
    "half": Both("Give low and high, or neither.", "“低”与“高”请都给，或都不给。"),
    "no-best": Both("The best number is missing.", "缺少最佳值。"),
    "order": Both("Expected: low up to best, best up to high.", "应为：低不大于最佳，最佳不大于高。"),
    "ranged": Both("{best}, range {low} to {high}", "{best}，区间 {low} 至 {high}"),
    "hoop": Both("hoop test", "环箍检验"),
    "smoking-gun": Both("smoking gun", "冒烟枪检验"),
    "doubly-decisive": Both("doubly decisive", "双重决定性检验"),
    "straw-in-the-wind": Both("straw in the wind", "风中稻草检验"),
    "hardly": Both(
        "{word}: {ratio} times as probable under “{for}” as under “{other}” ({one} : {two})",
        "{word}：在“{for}”之下的概率是在“{other}”之下的 {ratio} 倍（{one} : {two}）",
    ),
    "kind": Both(
        "Against the closest rival, “{rival}”: {kind}. Probability of finding it: {list}.",
        "针对最接近的竞争解释“{rival}”：{kind}。找到它的概率：{list}。",
    ),
    "found-under": Both("{p} under “{rival}”", "在“{rival}”之下 {p}"),
    "capped": Both(" (these weights make it more than 1)", "（按所给权重会超过 1）"),
    "semicolon": Both("; ", "；"),
    "percent": Both("{n} %", "{n}%"),
    "state-open": Both("not yet coded", "尚未编码"),
    "state-begun": Both("begun", "未完成"),
    "state-coded": Both("coded", "已编码"),
    "state-faulty": Both("please look again", "请再看一下"),
    "progress": Both("{done} of {all} coded", "已编码 {done}/{all}"),
    "reasons": Both("{n} without a reason", "{n} 条缺理由"),
    "faulty": Both("{n} to look at again", "{n} 条待复核"),
    "all-coded": Both("All observations are coded.", "全部观察均已编码。"),
    "kept": Both("Kept in this browser; not yet saved to a file.", "已存于本浏览器，尚未保存为文件。"),
    "not-kept": Both(
        "This browser keeps nothing of this page: save a file before you close it.",
        "本浏览器无法保留填写内容：关闭前请保存文件。",
    ),
    "saved": Both("Saved to {file}. Please send it back.", "已保存为 {file}，请寄回。"),
    "saved-faulty": Both(
        "Saved to {file}. Not to be sent back yet: {n} to look at again, marked in red.",
        "已保存为 {file}。暂勿寄回：尚有 {n} 处待复核，以红色标出。",
    ),
    "at-rest": Both("Nothing to save.", "没有需要保存的内容。"),
    "loaded": Both("Loaded {file}: {n} observations.", "已载入 {file}：{n} 条观察。"),
    "replace": Both(
        "What is filled in on this page is not in a file yet. Put {file} in its place?",
        "本页填写的内容尚未保存为文件。是否以 {file} 取代？",
    ),
    "load-none": Both("{file} is no file that this page saved.", "{file} 不是本页所保存的文件。"),
    "load-other": Both("{file} was made for {who} of the study {study}.", "{file} 是为研究 {study} 的 {who} 所作。"),
    "load-changed": Both(
        "It was saved by a sheet of an earlier state of the study; what is still asked was taken over.",
        "它由研究较早状态的编码表保存；仍在询问的内容已载入。",
    ),
}
