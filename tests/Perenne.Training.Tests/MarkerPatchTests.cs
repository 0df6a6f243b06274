using Perenne.Training.Native;
using TorchSharp;

namespace Perenne.Training.Tests;

public sealed class MarkerPatchTests
{
    private static readonly string Original = TorchLibraries.Find("libLibTorchSharp.so");

    [Fact]
    public void The_patch_changes_only_the_marker_s_entry_its_version_and_the_flag()
    {
        byte[] before = File.ReadAllBytes(Original), after = MarkerPatch.Apply(before);
        ElfImage elf = new(after);
        int[] changed = [.. Enumerable.Range(0, before.Length).Where(i => before[i] != after[i])];
        Assert.Equal(before.Length, after.Length);
        Assert.NotEmpty(changed);
        foreach (string section in (string[])[".dynsym", ".gnu.version", ".gnu.version_r"])
            Assert.Contains(changed, i => Within(elf.Section(section), i));
        Assert.All(changed, i => Assert.True(Within(elf.Section(".dynsym"), i) || Within(elf.Section(".gnu.version"), i) || Within(elf.Section(".gnu.version_r"), i)));
        Assert.InRange(changed.Length, 4, 24 + 2 + 2);
    }

    [Fact]
    public void After_the_patch_no_symbol_asks_for_the_newer_version_and_the_marker_returns_at_once()
    {
        ElfImage elf = new(MarkerPatch.Apply(File.ReadAllBytes(Original)));
        ElfSection symbols = elf.Section(".dynsym"), names = elf.Section(".dynstr"), text = elf.Section(".text");
        int marker = Enumerable.Range(0, symbols.Size / 24).Single(i => elf.Text(names.Offset + (int)elf.U32(symbols.Offset + 24 * i)) == MarkerPatch.Symbol);
        int entry = symbols.Offset + 24 * marker;
        ulong target = elf.U64(entry + 8);
        Assert.Equal(0, elf.Bytes[entry + 4] >> 4);
        Assert.Equal(text.Index, elf.U16(entry + 6));
        Assert.Equal(0xC3, elf.Bytes[text.Offset + (int)(target - text.Address)]);
        Assert.Equal(0, elf.U16(elf.Section(".gnu.version").Offset + 2 * marker));
    }

    [Fact]
    public void TorchSharp_computes_after_its_libraries_were_loaded()
    {
        TorchLibraries.Load();
        using torch.Tensor sum = torch.ones(3, 4).sum();
        Assert.Equal(12, sum.item<float>());
    }

    [Fact]
    public void The_patched_copy_is_written_once_and_the_original_stays_as_it_was()
    {
        DirectoryInfo cache = Directory.CreateTempSubdirectory("perenne-cache-");
        byte[] before = File.ReadAllBytes(Original);
        string first = TorchLibraries.Patch(Original, cache.FullName);
        DateTime written = File.GetLastWriteTimeUtc(first);
        Assert.Equal(first, TorchLibraries.Patch(Original, cache.FullName));
        Assert.Equal(written, File.GetLastWriteTimeUtc(first));
        Assert.Equal(before, File.ReadAllBytes(Original));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(first)!));
        cache.Delete(recursive: true);
    }

    [Fact]
    public void A_library_without_the_marker_and_a_file_that_is_no_library_are_refused()
    {
        byte[] other = File.ReadAllBytes(TorchLibraries.Find("libc10.so"));
        Assert.Contains(MarkerPatch.Version, Assert.Throws<FormatException>(() => MarkerPatch.Apply(other)).Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => MarkerPatch.Apply("not a library"u8));
        Assert.Throws<FormatException>(() => MarkerPatch.Apply(MarkerPatch.Apply(File.ReadAllBytes(Original))));
    }

    private static bool Within(ElfSection section, int offset) => offset >= section.Offset && offset < section.Offset + section.Size;
}
