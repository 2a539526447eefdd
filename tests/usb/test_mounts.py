"""How a stick is found: what the kernel says, as files."""

from pathlib import Path

import pytest

from syncd.usb.mounts import removable_mounts

MOUNTS = r"""/dev/sda2 / ext4 rw,relatime 0 0
proc /proc proc rw,nosuid 0 0
/dev/sdb1 /media/SCHOOL\040A vfat rw,nosuid,nodev,noexec,relatime 0 0
/dev/sdc1 /media/case ext4 rw,nosuid 0 0
/dev/mapper/home /srv/files ext4 rw 0 0
/dev/mmcblk0p1 /media/隨身 vfat ro,nosuid,nodev,noexec 0 0
/dev/sdz9 /media/gone vfat rw 0 0
broken line
"""


@pytest.fixture
def kernel(tmp_path):
    """A machine with a fixed disk, a stick, a disk in a USB case and a card."""
    disks = {
        "pci0/ata1/sda": ("0", "sda2"),
        "pci0/ata2/sdb": ("1", "sdb1"),
        "pci0/usb1/1-1/sdc": ("0", "sdc1"),
        "mmc0/mmcblk0": ("1", "mmcblk0p1"),
    }
    devices = tmp_path / "class"
    devices.mkdir()
    for place, (removable, part) in disks.items():
        disk = tmp_path / "devices" / place
        (disk / part).mkdir(parents=True)
        (disk / "removable").write_text(f"{removable}\n")
        (devices / part).symlink_to(disk / part)
        (devices / disk.name).symlink_to(disk)
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS, encoding="utf-8")
    return mounts, devices


def test_sticks_cards_and_disks_in_usb_cases_are_found_and_nothing_else(kernel):
    found = removable_mounts(*kernel)

    assert [each.path for each in found] == [
        Path("/media/SCHOOL A"),
        Path("/media/case"),
        Path("/media/隨身"),
    ]


def test_it_says_which_careful_options_a_mount_lacks(kernel):
    careful, careless, _ = removable_mounts(*kernel)

    assert careful.missing == ()
    assert careless.missing == ("nodev", "noexec")


def test_this_machine_can_be_asked():
    assert isinstance(removable_mounts(), tuple)
