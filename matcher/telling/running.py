"""What a command says while it runs and when it cannot go on, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from matcher.telling.text import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The sentences of one language; those with braces take values."""

    reading: str
    deciding: str
    writing: str
    inventing: str
    total: str
    more_faults: str
    interrupted: str
    no_memory: str
    extra_missing: str
    same_file: str
    same_name: str
    needs_folder: str
    one_at_a_time: str


RUNNING: Mapping[Language, Running] = MappingProxyType(
    {
        Language.ZH: Running(
            reading="讀取 {name}",
            deciding="媒合 {name}",
            writing="寫出 {name}",
            inventing="產生試算資料",
            total="合計",
            more_faults="還有 {count} 個錯誤沒有列出。",
            interrupted="已中斷，沒有留下寫到一半的檔案。",
            no_memory="記憶體不足，無法處理這個檔案。",
            extra_missing="這種試算機制需要另外的套件：請安裝 jiepin[what-if]。"
            "規則規定的媒合不需要它。",
            same_file="{path}：輸出不能蓋掉輸入，也不能寫成同一個檔案。",
            same_name="{path}：兩個問題檔會得到同一個輸出檔名。",
            needs_folder="{path}：有好幾個問題檔時，輸出要是一個目錄。",
            one_at_a_time="標準輸入和標準輸出（-）一次只能用於一個問題檔。",
        ),
        Language.EN: Running(
            reading="reading {name}",
            deciding="deciding {name}",
            writing="writing {name}",
            inventing="inventing a market",
            total="total",
            more_faults="{count} more faults are not listed.",
            interrupted="interrupted; no file is left half-written.",
            no_memory="not enough memory for this file.",
            extra_missing="this what-if mechanism needs more packages: install jiepin[what-if]. "
            "The statutory one needs nothing.",
            same_file="{path}: an output may be neither an input nor another output.",
            same_name="{path}: two problem files would give this same output.",
            needs_folder="{path}: several problem files need a folder for their output.",
            one_at_a_time="standard input and output (-) take one problem file at a time.",
        ),
    }
)
