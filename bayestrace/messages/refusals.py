"""Hold the wording of what stops a command: an argument that cannot be meant, a file that cannot be used."""

from bayestrace.messages.elsewhere import ELSEWHERE
from bayestrace.messages.wording import Both

REFUSALS: dict[str, Both] = {
    **ELSEWHERE,
    "unknown-profile": Both(
        "There is no prior profile '{name}' in priors/⟦; did you mean '{guess}'?⟧; the study has {known}.",
        "priors/ 中没有名为“{name}”的先验设定⟦，是否指“{guess}”？⟧；现有：{known}。",
    ),
    "unknown-set": Both(
        "There is no hypothesis set '{name}' in study.yaml⟦; did you mean '{guess}'?⟧; it has {known}.",
        "study.yaml 中没有名为“{name}”的假设集⟦，是否指“{guess}”？⟧；现有：{known}。",
    ),
    "unknown-coder": Both(
        "There is no coder '{name}' in evidence/codings/⟦; did you mean '{guess}'?⟧; it has {known}.",
        "evidence/codings/ 中没有名为“{name}”的编码者⟦，是否指“{guess}”？⟧；现有：{known}。",
    ),
    "one-folder": Both(
        "{one} and {other} would both be written to {folder}, one over the other. Give each study once; studies that "
        "share a folder, or under --out a name, are updated one at a time, each with an --out of its own.",
        "{one} 与 {other} 的结果都会写入 {folder}，后者将覆盖前者。每项研究只应列出一次；"
        "结果文件夹相同的研究（或使用 --out 时名称相同的研究），请逐一更新，并各用 --out 指定不同的文件夹。",
    ),
    "unknown-round": Both(
        "There is no round {number} of coding; there is {known}. A later round stands in evidence/codings/round-2/ and "
        "so on.",
        "没有第 {number} 轮编码；现有：{known}。后续各轮放在 evidence/codings/round-2/ 等文件夹中。",
    ),
    "one-coder-agreement": Both(
        "Agreement takes two coders, and this study has {count} who weighed an observation; send out a coding sheet "
        "first, or add another coder to evidence/codings/.",
        "比较一致程度至少需要两位编码者，而本研究中对观察作过判断的有 {count} 位；"
        "请先发出编码表，或在 evidence/codings/ 中补充另一位编码者。",
    ),
    "pool-weight": Both(
        "--weight has '{text}'; expected a coder's name and a number from 0, such as --weight neutral=2, and at least "
        "one coder above 0.",
        "--weight 写的是“{text}”；应为编码者名称与不小于 0 的数，如 --weight neutral=2，且至少一位编码者大于 0。",
    ),
    "unknown-case": Both(
        "There is no case '{name}' in the result⟦; did you mean '{guess}'?⟧; it has {known}.",
        "结果中没有名为“{name}”的案例⟦，是否指“{guess}”？⟧；现有：{known}。",
    ),
    "nothing-to-seek": Both(
        "There is nothing to seek⟦: {left} cannot be answered for the hypothesis set '{set}' in these cases⟧; list "
        "what might be sought, with P(found | explanation) for every explanation of the set, in candidates.yaml beside "
        "study.yaml, or name a file with --candidates (docs/seeking.md).",
        "没有可寻找的证据⟦：{left} 在假设集“{set}”与所选案例中无法计算⟧；请在 study.yaml 旁的 candidates.yaml 中列出"
        "可寻找的证据，并写明该假设集中每种解释之下找到的概率，或用 --candidates 写明文件（docs/seeking.md）。",
    ),
    "not-empty": Both(
        "{path} is there already and is not empty; name a folder or file that does not exist yet.",
        "{path} 已经存在且不为空；请写一个尚不存在的文件夹或文件。",
    ),
    "new-ending": Both(
        "{path} would be a folder whose name ends like that of a file ({ending}); say {stem}.xlsx for a workbook, or "
        "{stem} for a folder.",
        "{path} 会成为一个名称形如文件（{ending}）的文件夹；要工作簿请写 {stem}.xlsx，要文件夹请写 {stem}。",
    ),
    "export-nowhere": Both(
        "Nothing says where to write; add --xlsx FILE or --folder DIR.",
        "未说明写到何处；请加上 --xlsx FILE 或 --folder DIR。",
    ),
    "no-cell": Both(
        "A text of {count} characters cannot stand in a cell of the sheet {sheet}: a cell holds 1 to {limit}, not "
        "blanks alone. Export the study as a folder, or shorten the text.",
        "工作表 {sheet} 的单元格容不下一段 {count} 个字符的文字：单元格可有 1 至 {limit} 个字符，且不能只有空白。"
        "请导出为文件夹，或缩短该文字。",
    ),
    "no-cell-table": Both(
        "A text of blanks alone cannot stand in a cell of {table}, where it would be empty. Export the study without "
        "--tables, or fill the text in.",
        "只有空白的文字不能写入 {table} 的单元格，因为读出来会是空的。请不用 --tables 导出，或填写该文字。",
    ),
    "unknown-analysis": Both(
        "There is no analysis '{name}'⟦; did you mean '{guess}'?⟧; there are {known}.",
        "没有名为“{name}”的分析⟦，是否指“{guess}”？⟧；现有：{known}。",
    ),
    "unknown-factor": Both(
        "There is no factor '{name}' in this result⟦; did you mean '{guess}'?⟧; ⟦it has {known}.⟧",
        "该结果中没有名为“{name}”的因素⟦，是否指“{guess}”？⟧；⟦现有：{known}。⟧",
    ),
    "unknown-case-group": Both(
        "No case of the study has '{name}' as its {factor}⟦; did you mean {factor}={guess}?⟧; it has {known}. To ask "
        "for a case of a group that the study does not have, write {factor}=new:{name}, or {factor}=new.",
        "研究中没有案例的 {factor} 为“{name}”⟦，是否指 {factor}={guess}？⟧；现有：{known}。"
        "若要预测研究中没有的新组，请写 {factor}=new:{name} 或 {factor}=new。",
    ),
    "case-group-known": Both(
        "The study has '{name}' as a {factor} already; write {factor}={name} for a case of that group, or give the "
        "new group another name.",
        "研究中的 {factor} 已有“{name}”；属于该组的案例请写 {factor}={name}，否则请给新组另取名称。",
    ),
    "case-form": Both(
        "--case has '{part}' in '{case}'; expected FACTOR=GROUP, several with commas between, such as "
        "--case FACTOR=GROUP,FACTOR=new:NAME.",
        "--case 的“{case}”中有“{part}”；应为 FACTOR=GROUP，多个以逗号分隔，如 --case FACTOR=GROUP,FACTOR=new:NAME。",
    ),
    "case-factor-twice": Both(
        "--case names the factor '{factor}' twice in '{case}'; a case has one group of each factor: write it once, or "
        "give --case again for another case.",
        "--case 的“{case}”两次写到因素“{factor}”；每个案例在每一因素上只属于一组：请只写一次；"
        "另一案例请再用一个 --case。",
    ),
    "new-case-not-enumerated": Both(
        "The joint explanations of these cases are too many to enumerate, so that at face value no case can be "
        "foreseen from them; update with the model (without --face-value), whose draws can tell.",
        "这些案例的联合解释过多，无法逐一列举，因而不能按面值据以预测新案例；请用模型更新（不加 --face-value），"
        "再据其抽样预测。",
    ),
    "multiverse-face-value": Both(
        "Combinations of choices are tried on the model, not at face value; leave out --face-value.",
        "选择的组合须在模型上尝试，不能按面值计算；请去掉 --face-value。",
    ),
    "multiverse-many": Both(
        "With {cases} cases every combination of choices would be a fit of the whole study; leave out --multiverse, "
        "and try one combination with `bayestrace update --profile NAME --coders A,B --out DIR`.",
        "本研究有 {cases} 个案例，每一种选择组合都须重新拟合整个研究；请去掉 --multiverse，改用 "
        "`bayestrace update --profile NAME --coders A,B --out DIR` 逐一尝试。",
    ),
    "sensitivity-clues-alone": Both(
        "It changes what coders stated of observations, and this study has nothing but clues. What follows without "
        "each clue stands in the report, under “Clues”.",
        "此项改动的是编码者对观察的陈述，而本研究只有线索。逐一剔除线索的结果见报告“线索”一节。",
    ),
    "sensitivity-clues-many": Both(
        "The joint explanations of these clues cannot be listed: there are too many, a case stands for several, or "
        "cases were chosen for their outcome. Run `bayestrace update` with another profile instead.",
        "这些线索的联合解释无法逐一列出：或为数过多，或有案例代表多个案例，或案例因其结果而选取。"
        "请改用另一先验设定运行 `bayestrace update`。",
    ),
    "sensitivity-chosen": Both(
        "Cases were chosen for their outcome, so that the evidence depends on the standpoint and no draw can be "
        "weighed anew. Run `bayestrace update` with another profile instead.",
        "案例因其结果而选取，证据因立场而异，抽样无法重新加权。请改用另一先验设定运行 `bayestrace update`。",
    ),
    "no-coder-named": Both(
        "--coders names no coder; at least one coder is needed; the study has {known}.",
        "--coders 未写任何编码者；至少需要一位；现有：{known}。",
    ),
    "one-coder-only": Both(
        "The study has one coder: there is no other to predict it from. Add a coding to evidence/codings/, or name a "
        "file with --against.",
        "研究中只有一位编码者，没有其他编码者可据以预测。请在 evidence/codings/ 中增加编码，或用 --against 写明文件。",
    ),
    "coder-in-study": Both(
        "The study has a coder '{name}' already; to predict that one from the others use --coder {name}, otherwise "
        "give the file another name.",
        "研究中已有编码者“{name}”；若要据其他编码者预测它，请用 --coder {name}，否则请将文件改名。",
    ),
    "coder-and-against": Both(
        "--coder leaves out coders of the study, --against brings one from outside; use one of the two.",
        "--coder 用于略去研究中的编码者，--against 用于引入外来的编码者；两者只能用其一。",
    ),
    "nothing-to-predict": Both(
        "The coder '{name}' weighed no observation that counts within these hypotheses; check the observations and "
        "hypotheses of the file, or choose another set with --hypotheses.",
        "编码者“{name}”在所选解释内没有给任何计入的观察加权；请检查文件中的观察与解释，或用 --hypotheses 另选一组。",
    ),
    "no-file-writing": Both(
        "{path} cannot be written ({reason}); choose another file with --out, or check that you may write there.",
        "{path} 无法写入（{reason}）；请用 --out 另选文件，或检查是否有权写入。",
    ),
    "nothing-to-code": Both(
        "The study has no observation that weighs, so there is nothing to code; clues are stated in study.yaml.",
        "研究中没有计权重的观察，因而没有可编码的内容；线索的概率写在 study.yaml 中。",
    ),
    "prefill-beyond": Both(
        "What '{coder}' said earlier also weighs {found}, which this set of hypotheses leaves out; leave out "
        "--hypotheses, "
        "so that the sheet asks for all that was weighed, or choose a set that has them.",
        "“{coder}”先前的编码还权衡了 {found}，而所选假设集不含这些假设；请去掉 --hypotheses，"
        "使编码表包含先前权衡过的全部假设，或改选含有它们的假设集。",
    ),
    "prefill-probabilities": Both(
        "What '{coder}' said of {evidence} is stated as probabilities, and sheets ask for weights; leave out "
        "--prefill.",
        "“{coder}”对 {evidence} 给出的是概率，而编码表询问的是权重；请去掉 --prefill。",
    ),
    "prefill-tree": Both(
        "What '{coder}' said of {evidence} compares {found} with each other, and sheets ask for the focal hypothesis "
        "against each rival; leave out --prefill.",
        "“{coder}”对 {evidence} 的比较是在 {found} 之间，而编码表询问的是焦点假设相对于各竞争假设；请去掉 --prefill。",
    ),
    "cell-too-long": Both(
        "A reason that '{coder}' gave has {found} characters, and a cell of a workbook holds {limit}; write the form "
        "instead (--form).",
        "“{coder}”的一条理由有 {found} 个字符，而工作簿的单元格最多 {limit} 个；请改用网页表单（--form）。",
    ),
    "coder-form": Both(
        "'{name}' cannot be the id of a coder: it becomes part of file names, so write letters A-Z, digits, `.`, `_` "
        "and "
        "`-`, beginning with a letter or a digit, at most 80; the name that people read stands in study.yaml.",
        "“{name}”不能作编码者的编号：编号会成为文件名的一部分，请只用英文字母、数字、`.`、`_`、`-`，"
        "以字母或数字开头，最多 80 个字符；供人阅读的姓名写在 study.yaml 中。",
    ),
    "coder-needed": Both(
        "{path} does not say whose coding it is; say so with --coder NAME.",
        "从 {path} 看不出是谁的编码；请用 --coder NAME 写明。",
    ),
    "coder-other": Both(
        "{path} was made for the coder '{found}', but --coder says '{name}'; leave out --coder, or collect the file by "
        "itself.",
        "{path} 是为编码者“{found}”制作的，而 --coder 写的是“{name}”；请去掉 --coder，或单独收取该文件。",
    ),
    "coding-there": Both(
        "The study has a coding of '{name}' already ({known}); to put the new one in its place use --replace (the old "
        "files are kept as .bak), or if it was stated after a discussion of the first, --round {next}.",
        "研究中已有“{name}”的编码（{known}）；若要以新的取代，请加 --replace（旧文件保留为 .bak）；"
        "若是讨论之后重新给出的，请加 --round {next}。",
    ),
    "collect-no-folder": Both(
        "{path} is neither the folder nor the workbook of a study, and codings are added to these only; name one with "
        "--study.",
        "{path} 既不是研究文件夹，也不是研究的工作簿，而编码只能加入这两者；请用 --study 写明。",
    ),
    "qda-workbook": Both(
        "{path} is a workbook, and stubs are files of a folder; name one with --out.",
        "{path} 是工作簿，而待补全的观察写成文件夹中的文件；请用 --out 写明文件夹。",
    ),
    "round-beyond": Both(
        "There is no round {number} of coding, and it is not the next: the last is {last}; say --round {next}.",
        "没有第 {number} 轮编码，它也不是下一轮：最后一轮为第 {last} 轮；请写 --round {next}。",
    ),
    "round-other": Both(
        "{path} was made for round {found}, but --round says {number}; leave out --round, or collect the file "
        "by itself.",
        "{path} 是为第 {found} 轮制作的，而 --round 写的是 {number}；请去掉 --round，或单独收取该文件。",
    ),
    "no-coding": Both(
        "The study has no coding; put at least one in evidence/codings/ (docs/study-format.md says how).",
        "研究中没有任何编码；请在 evidence/codings/ 中至少放入一份（写法见 docs/study-format.md）。",
    ),
    "clues-impossible": Both(
        "What was found of the clues in '{case}' excludes every explanation; look at clues with probabilities of 0 or "
        "1 in study.yaml, and at the rows of this case in evidence/clues.csv.",
        "“{case}”的线索结果排除了所有解释；请检查 study.yaml 中概率为 0 或 1 的线索，"
        "以及 evidence/clues.csv 中该案例的各行。",
    ),
    "clues-impossible-together": Both(
        "What was found of the clues in all cases together excludes every joint explanation that the prior allows; "
        "look at clues with probabilities of 0 or 1, and at a prior with one explanation for several cases.",
        "各案例的线索结果合在一起，排除了先验所允许的一切联合解释；请检查概率为 0 或 1 的线索，"
        "以及要求若干案例同一种解释的先验。",
    ),
    "no-prior-mass": Both(
        "The prior profile '{profile}' gives no mass to any of {known}; give at least one of them a positive weight.",
        "先验设定“{profile}”没有给 {known} 中的任何一个赋予概率；请至少给其中一个正的权重。",
    ),
    "no-ranges": Both(
        "No coder states a range, so that no weight has an end to go to; give low and high beside best in "
        "evidence/codings/.",
        "没有编码者给出区间，权重也就没有可移至的端点；请在 evidence/codings/ 中于 best 之外写明 low 与 high。",
    ),
    "kappa-zero": Both(
        "kappa 0 over several pooling levels is worked out for fewer cases only; give kappa a small number such as "
        "0.01.",
        "在多个合并层次上令 kappa 为 0，只适用于案例较少的研究；请改用 0.01 之类的小数。",
    ),
    "mode-clues": Both(
        "--sampler mode is not made for studies in which clues count among the evidence; leave --sampler out, or take "
        "--sampler nuts.",
        "线索计入证据的研究不能用 --sampler mode；请去掉 --sampler，或改用 --sampler nuts。",
    ),
    "mode-ranges": Both(
        "--sampler mode needs stated ranges, and no coder states one: without them the posterior may have no mode. "
        "Leave --sampler out or take --sampler nuts, or give low and high beside best in evidence/codings/.",
        "--sampler mode 需要编码者给出区间，而此处无人给出：没有区间，后验可能没有众数。"
        "请去掉 --sampler 或改用 --sampler nuts，或在 evidence/codings/ 中于 best 之外写明 low 与 high。",
    ),
    "mode-partial": Both(
        "--sampler mode needs every coder to have weighed an observation for all explanations or for none, and some "
        "were weighed for a part of them; leave --sampler out, or take --sampler nuts.",
        "--sampler mode 要求编码者对每条观察或判断全部解释，或一概不判断，而有的观察只就部分解释作了判断；"
        "请去掉 --sampler，或改用 --sampler nuts。",
    ),
    "joint-not-enumerated": Both(
        "The joint explanations of these cases are too many to enumerate, or the cases are not pooled at all, so that "
        "how far they share an explanation cannot be varied here; ask for it of fewer cases or hypotheses.",
        "这些案例的联合解释过多而无法逐一列举，或案例未作合并，因而无法在此改变各案例共有解释的程度；"
        "请减少案例或假设后再作分析。",
    ),
    "no-folder": Both(
        "The study folder {path} cannot be opened ({reason}); name the folder that holds the study's study.yaml.",
        "研究文件夹 {path} 无法打开（{reason}）；请写明存放 study.yaml 的文件夹。",
    ),
    "no-study": Both(
        "There is no study.yaml in {path}; a study is a folder with a file of that name⟦; did you mean {guess}? "
        "Rename it to study.yaml⟧; name the folder that holds it, or write one (docs/study-format.md describes it).",
        "{path} 中没有 study.yaml；研究文件夹须含有这一文件⟦，是否指 {guess}？请改名为 study.yaml⟧；"
        "请写明存放它的文件夹，或新写一个（格式见 docs/study-format.md）。",
    ),
    "no-list": Both(
        "The folder {path} cannot be listed ({reason}); check that you may open it.",
        "文件夹 {path} 无法列出（{reason}）；请检查是否有权打开。",
    ),
    "no-file": Both(
        "{path} cannot be read ({reason}); check that it is a file that you may open.",
        "{path} 无法读取（{reason}）；请检查它是否为有权打开的文件。",
    ),
    "no-result": Both(
        "{path} cannot be read as a result ({reason}); make it again with: bayestrace update",
        "{path} 无法作为结果读取（{reason}）；请重新运行：bayestrace update",
    ),
    "result-unsealed": Both(
        "{path} does not end in the seal that bayestrace puts below a result: it is none, was cut off, or was written "
        "by an earlier version or by another program. Make it again with: bayestrace update",
        "{path} 末尾没有 bayestrace 写在结果之后的校验标记：它不是结果文件，或未写完整，或由较早的版本或其他程序写出。"
        "请重新运行：bayestrace update",
    ),
    "result-damaged": Both(
        "{path} is damaged: its bytes are not those that were written. Make it again with: bayestrace update",
        "{path} 已损坏：其内容与写出时不符。请重新运行：bayestrace update",
    ),
    "result-too-large": Both(
        "{path} holds {size} GB once it is unpacked; at most {limit} GB are read, which is more than any study needs.",
        "{path} 解压后为 {size} GB；最多读取 {limit} GB，任何研究都用不到更多。",
    ),
    "other-result": Both(
        "{path} is no result of bayestrace; expected posterior.nc as `bayestrace update` writes it.",
        "{path} 不是 bayestrace 的结果；应为 `bayestrace update` 写出的 posterior.nc。",
    ),
    "result-no-path": Both(
        "There is no {path}; name a folder that `bayestrace update` wrote, or the file posterior.nc in it.",
        "没有 {path}；请写明 `bayestrace update` 写出的文件夹，或其中的 posterior.nc。",
    ),
    "result-not-here": Both(
        "There is no posterior.nc in {path}⟦; results of this study are in {known}⟧; name a folder that `bayestrace "
        "update` wrote.",
        "{path} 中没有 posterior.nc⟦；该研究的结果在 {known}⟧；请写明 `bayestrace update` 写出的文件夹。",
    ),
    "no-manifest": Both(
        "{path} is no manifest ({reason}); move it elsewhere, or make the result again with: bayestrace update",
        "{path} 不是清单文件（{reason}）；请将其移走，或重新运行：bayestrace update",
    ),
    "result-format": Both(
        "{path} was written in layout {found} of results; this version reads layout {known}. Make it again with: "
        "bayestrace update",
        "{path} 的结果格式为第 {found} 版；本程序读取第 {known} 版。请重新运行：bayestrace update",
    ),
    "compare-no-common-case": Both(
        "The two results have no case in common (A has {a}; B has {b}), so there is nothing to compare; name two "
        "results of one study.",
        "两个结果没有共同的案例（A 有 {a}；B 有 {b}），无从比较；请写明同一研究的两个结果。",
    ),
    "compare-no-common-hypothesis": Both(
        "The two results have no explanation in common (A has {a}; B has {b}), so there is nothing to compare; name "
        "two results of one study.",
        "两个结果没有共同的解释（A 有 {a}；B 有 {b}），无从比较；请写明同一研究的两个结果。",
    ),
    "multiverse-nothing": Both(
        "No panel of coders of this study can be fitted: a coder alone must state ranges, and some observation must "
        "weigh in every hypothesis set. Add ranges or another coder to evidence/codings/.",
        "本研究没有任何一组编码者可供拟合：单独一位编码者须写明范围，且在每个假设集内都须有观察计入。"
        "请在 evidence/codings/ 中补充范围或另一位编码者。",
    ),
    "file-open": Both(
        "{path} is open in another program; close it and run again.",
        "{path} 正被其他程序打开；请关闭后重跑。",
    ),
    "calibration-other-design": Both(
        "{path} holds simulated studies of another design, seed, way of drawing redundancy or version of bayestrace; "
        "they do not go together with these. Choose another folder with --out, or remove that one.",
        "{path} 中已有的模拟研究属于另一设计、种子、冗余度抽取方式或另一版本的 bayestrace，不能与本次的合在一起。"
        "请用 --out 另选文件夹，或删除该文件夹。",
    ),
    "calibration-no-averaging": Both(
        "Studies of this design cannot be drawn with redundancy averaged, since coders compared only some of the "
        "explanations, or selection is supposed; run again with --redundancy drawn.",
        "编码者只比较了部分解释，或先验设定假定了取舍，因而无法按“冗余度取平均”抽取本设计的研究；"
        "请加 --redundancy drawn 重跑。",
    ),
    "calibration-nothing": Both(
        "No observation weighs within these hypotheses and coders, so there is nothing to simulate; choose others with "
        "--hypotheses or --coders.",
        "在所选解释与编码者范围内，没有任何观察计入，无从模拟；请用 --hypotheses 或 --coders 另选。",
    ),
    "calibration-not-kept": Both(
        "Simulated studies could not be written to {path}; check that the disk has room and that you may write there, "
        "then give the same command again: it goes on from the studies that were kept.",
        "模拟研究无法写入 {path}；请检查磁盘空间和写入权限，然后重新运行同一命令：将从已保存的研究处继续。",
    ),
    "calibration-process-lost": Both(
        "A process of the simulation was ended from outside (signal {signal}), perhaps for want of memory; give the "
        "same command again, with a smaller --jobs if need be: it goes on from the studies that were kept.",
        "一个模拟进程被外部终止（信号 {signal}），可能是内存不足；请重新运行同一命令，必要时减小 --jobs："
        "将从已保存的研究处继续。",
    ),
    "no-tables": Both(
        "{path} cannot be written ({reason}); choose another folder with --csv, or check that you may write there.",
        "{path} 无法写入（{reason}）；请用 --csv 另选文件夹，或检查是否有权写入。",
    ),
    "no-writing": Both(
        "{path} cannot be written ({reason}); choose another folder with --out, or check that you may write there.",
        "{path} 无法写入（{reason}）；请用 --out 另选文件夹，或检查是否有权写入。",
    ),
}
