// Package deflate compresses byte for byte as zlib does.
//
// A DEFLATE stream is not determined by its data: every compressor makes its
// own. Who signs a compressed body signs what one compressor made of it, and to
// find that digest again the very stream is needed. Most platforms (Java,
// Python, PHP, Ruby, Perl, nginx, Apache) call zlib, whose output has not
// changed from 1.2.11 to 1.3.x for one call with all data, so one port serves
// them all. [Variants] lists what they put around it.
//
// The output depends on level and memLevel only, not on how the data was cut
// into calls, as long as nobody flushes between them. The one exception is level
// 0, where zlib cuts stored blocks to the size of the output buffer: [Raw] gives
// what a buffer large enough for everything gets.
//
// zlib 1.2.12 replaced d_buf and l_buf by sym_buf, and 1.3.1 may be built with
// LIT_MEM. All of them close a block after lit_bufsize-1 symbols, so blocks end
// where they did.
//
// Two relatives are covered. One is the zlib of Chromium, which Node.js has (see
// chromiumHash); older releases of Node.js hash by CRC-32C where the processor
// has it, and that is not reproduced. The other is GNU gzip, from which zlib
// descends: it ends long blocks earlier and treats the end of the input otherwise.
//
// Not covered are compressors with other matchers: zlib-ng (.NET 9, the zlib of
// Fedora), Intel's zlib (.NET to 8 on Windows), Cloudflare's, libdeflate, miniz,
// zopfli, and hardware (IBM Z, Intel QAT).
//
// The streams are the same as those of zlib 1.2.13 and 1.3.2, Node.js 20 and GNU
// gzip 1.12, and the headers as those of the programs in testdata, all on Linux.
// The headers of Windows, macOS and JDK 15 are after the sources of those.
//
// # Licence
//
// This package is an altered version of parts of zlib (deflate.c and trees.c),
// rewritten in Go; it is not the original software. The notice of zlib:
//
//	Copyright (C) 1995-2024 Jean-loup Gailly and Mark Adler
//
//	This software is provided 'as-is', without any express or implied
//	warranty.  In no event will the authors be held liable for any damages
//	arising from the use of this software.
//
//	Permission is granted to anyone to use this software for any purpose,
//	including commercial applications, and to alter it and redistribute it
//	freely, subject to the following restrictions:
//
//	1. The origin of this software must not be misrepresented; you must not
//	   claim that you wrote the original software. If you use this software
//	   in a product, an acknowledgment in the product documentation would be
//	   appreciated but is not required.
//	2. Altered source versions must be plainly marked as such, and must not be
//	   misrepresented as being the original software.
//	3. This notice may not be removed or altered from any source distribution.
//
//	Jean-loup Gailly        Mark Adler
//	jloup@gzip.org          madler@alumni.caltech.edu
package deflate
