namespace Perenne.Training.Native;

/// <summary>
/// Lets a library built with GCC 13 load where libstdc++ is older (Debian 12, RHEL 9). Including &lt;iostream&gt; there
/// leaves one undefined function, <c>std::ios_base_library_init()</c>, of version GLIBCXX_3.4.32: a marker whose body
/// is empty. The symbol becomes a local one that returns at once, and the version a wish instead of a demand.
/// </summary>
internal static class MarkerPatch
{
    public const string Symbol = "_ZSt21ios_base_library_initv";
    public const string Version = "GLIBCXX_3.4.32";

    private const int SymbolBytes = 24;
    private const byte LocalFunction = 2; // STB_LOCAL << 4 | STT_FUNC
    private const byte Hidden = 2; // STV_HIDDEN: lazy binding looks at the visibility, not at the binding
    private const byte Return = 0xC3;
    private const ushort Weak = 2; // VER_FLG_WEAK

    /// <summary>A patched copy; the bytes given stay as they are.</summary>
    /// <exception cref="FormatException">Not such a library: another symbol of that version is asked for, or none.</exception>
    public static byte[] Apply(ReadOnlySpan<byte> library)
    {
        ElfImage elf = new(library.ToArray());
        int need = FindNeed(elf);
        ushort version = (ushort)(elf.U16(need + 6) & 0x7FFF);
        int symbol = FindOnlySymbol(elf, version);
        Redirect(elf, symbol);
        elf.Set16(need + 4, (ushort)(elf.U16(need + 4) | Weak));
        return elf.Bytes;
    }

    // .gnu.version_r: per file an Elf64_Verneed {version, count, file, aux, next}, then its Elf64_Vernaux {hash, flags, other, name, next}.
    private static int FindNeed(ElfImage elf)
    {
        ElfSection needs = elf.Section(".gnu.version_r"), names = elf.Section(".dynstr");
        for (int file = needs.Offset; ; file += (int)elf.U32(file + 12))
        {
            int entry = file + (int)elf.U32(file + 8);
            for (int i = elf.U16(file + 2); i > 0; i--, entry += (int)elf.U32(entry + 12))
                if (elf.Text(names.Offset + (int)elf.U32(entry + 8)) == Version)
                    return entry;
            if (elf.U32(file + 12) == 0)
                throw new FormatException($"The library does not ask for {Version}.");
        }
    }

    private static int FindOnlySymbol(ElfImage elf, ushort version)
    {
        ElfSection symbols = elf.Section(".dynsym"), versions = elf.Section(".gnu.version"), names = elf.Section(".dynstr");
        int found = -1;
        for (int i = 0; i < versions.Size / 2; i++)
        {
            if ((elf.U16(versions.Offset + 2 * i) & 0x7FFF) != version)
                continue;
            string name = elf.Text(names.Offset + (int)elf.U32(symbols.Offset + i * SymbolBytes));
            if (name != Symbol)
                throw new FormatException($"The library needs {name} of {Version}, which has an effect; only {Symbol} can be done without.");
            found = i;
        }
        return found >= 0 ? found : throw new FormatException($"No symbol of the library has the version {Version}.");
    }

    private static void Redirect(ElfImage elf, int symbol)
    {
        ElfSection symbols = elf.Section(".dynsym"), versions = elf.Section(".gnu.version"), text = elf.Section(".text");
        int at = elf.Bytes.AsSpan(text.Offset, text.Size).IndexOf(Return);
        if (at < 0)
            throw new FormatException("The library has no return instruction.");
        int entry = symbols.Offset + symbol * SymbolBytes;
        elf.Bytes[entry + 4] = LocalFunction;
        elf.Bytes[entry + 5] = Hidden;
        elf.Set16(entry + 6, (ushort)text.Index);
        elf.Set64(entry + 8, text.Address + (ulong)at);
        elf.Set16(versions.Offset + 2 * symbol, 0);
    }
}
