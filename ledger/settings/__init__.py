"""Settings, by what they are about; the environment is read here and nowhere else."""

from ledger.settings.sealing import Sealing
from ledger.settings.settings import Settings, child_environment
from ledger.settings.values import MissingSetting, WrongSetting

__all__ = ("MissingSetting", "Sealing", "Settings", "WrongSetting", "child_environment")
