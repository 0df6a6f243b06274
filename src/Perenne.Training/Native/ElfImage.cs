using System.Buffers.Binary;
using System.Text;

namespace Perenne.Training.Native;

/// <summary>One section of an ELF file: where it lies in the file and at which address it is mapped.</summary>
internal readonly record struct ElfSection(int Index, string Name, ulong Address, int Offset, int Size, int Link);

/// <summary>The sections of a 64-bit little-endian ELF file, over bytes that may be edited in place.</summary>
internal sealed class ElfImage
{
    private const int SectionHeaderBytes = 64;

    private readonly Dictionary<string, ElfSection> sections = [];

    /// <exception cref="FormatException">Not a 64-bit little-endian ELF file with section headers.</exception>
    public ElfImage(byte[] bytes)
    {
        Bytes = bytes;
        if (bytes.Length < 64 || !bytes.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8))
            throw new FormatException("This is not a 64-bit little-endian ELF file.");
        int table = checked((int)U64(0x28)), count = U16(0x3C), names = U16(0x3E);
        if (table == 0 || (long)table + (long)count * SectionHeaderBytes > bytes.Length || names >= count)
            throw new FormatException("The ELF file has no usable table of sections.");
        int nameTable = checked((int)U64(table + names * SectionHeaderBytes + 0x18));
        for (int i = 0; i < count; i++)
        {
            int header = table + i * SectionHeaderBytes;
            string name = Text(nameTable + (int)U32(header));
            sections[name] = new ElfSection(i, name, U64(header + 0x10), checked((int)U64(header + 0x18)), checked((int)U64(header + 0x20)), (int)U32(header + 0x28));
        }
    }

    public byte[] Bytes { get; }

    /// <exception cref="FormatException">There is none of that name.</exception>
    public ElfSection Section(string name) => sections.TryGetValue(name, out ElfSection section) ? section
        : throw new FormatException($"The ELF file has no section {name}.");

    public ushort U16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes.AsSpan(offset));

    public uint U32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(Bytes.AsSpan(offset));

    public ulong U64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(Bytes.AsSpan(offset));

    public void Set16(int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Bytes.AsSpan(offset), value);

    public void Set64(int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Bytes.AsSpan(offset), value);

    /// <summary>The zero-terminated text at a file offset.</summary>
    public string Text(int offset)
    {
        ReadOnlySpan<byte> rest = Bytes.AsSpan(offset);
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }
}
