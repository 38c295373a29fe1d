"""Names that sound like Valais. Combined at random; nobody in particular is meant."""

from __future__ import annotations

from types import MappingProxyType

FAMILY_NAMES = MappingProxyType(
    {
        "fr": tuple(
            "Abbet Bagnoud Balet Bender Bérard Berthousoz Bochatay Bonvin Bourban Bruchez Carron Carrupt Claivaz "
            "Clavien Clivaz Constantin Coppey Cordonier Coudray Crettaz Crettenand Darbellay Dayer Délèze Devanthéry "
            "Dorsaz Dubosson Dubuis Duc Emery Evéquoz Fardel Favre Fellay Follonier Fontannaz Fournier Gaillard Gaspoz "
            "Gay-Crosier Germanier Giroud Granger Héritier Jacquemettaz Lambiel Lonfat Luyet Mabillard Mariéthoz "
            "Maret Maye Métrailler Michellod Moix Morand Moulin Nanchen Panchaud Papilloud Pitteloud Praplan Pralong "
            "Premand Quinodoz Raboud Rappaz Rey Rey-Bellet Roduit Roh Rossier Rouiller Salamin Sarrasin Savioz Sierro "
            "Solioz Tavernier Terrettaz Theytaz Torrenté Udry Vannay Varone Voeffray Vouilloz Vuignier Zufferey".split()
        ),
        "de": tuple(
            "Abgottspon Ambord Amherd Andenmatten Anthamatten Bärenfaller Bayard Bellwald Berchtold Bieler Biner "
            "Bittel Blatter Bortis Briand Bregy Brigger Bumann Burgener Eggel Escher Eyer Furrer Fux Gasser Gattlen "
            "Grand Gsponer Guntern Heinen Heinzmann Henzen Heynen Holzer Hischier Imboden Imhof Imoberdorf Imwinkelried "
            "In-Albon Jäger Jentsch Jossen Julen Kalbermatten Kämpfen Kreuzer Kronig Kummer Lauber Loretan Lochmatter "
            "Mathieu Mutter Näfen Nanzer Noti Oggier Pfaffen Pfammatter Pollinger Ritler Ruppen Salzgeber Schaller "
            "Schmidhalter Schnydrig Schnyder Schwery Steffen Stoffel Studer Summermatter Supersaxo Tannast Taugwalder "
            "Theler Tscherrig Truffer Venetz Volken Walpen Walker Werlen Willisch Wyssen Zenhäusern Zenklusen "
            "Zimmermann Zumstein Zumtaugwald Zurbriggen Zurwerra".split()
        ),
        "elsewhere": (
            *"Almeida Costa Ferreira Gomes Pereira Rodrigues Krasniqi Berisha Gashi Jovanović Petrović Öztürk Yılmaz "
            "Şahin Nguyễn Haile Tesfay Kowalski Müller Ben-Saïd D'Amico Dell'Acqua O'Connor Łukasiewicz García".split(),
            "da Silva",
            "dos Santos",
            "von Allmen",
            "El Amrani",
        ),
    }
)
"""By language; `elsewhere` for those who came to live here."""

FIRST_NAMES = MappingProxyType(
    {
        "fr": MappingProxyType(
            {
                "F": tuple(
                    "Adèle Aline Anaïs Anne-Lise Brigitte Camille Cécile Chloé Christelle Claire Corinne Delphine Élodie "
                    "Émilie Fabienne Françoise Géraldine Hélène Isabelle Joëlle Laetitia Léa Maëlle Magali Marie-Noëlle "
                    "Mélanie Nadège Noémie Océane Patricia Raphaëlle Sandrine Séverine Sylvie Véronique Zoé".split()
                ),
                "M": tuple(
                    "Alain Benoît Cédric Christophe Damien Didier Étienne Fabrice François Frédéric Gaël Gérard Grégoire "
                    "Hervé Jean-Marc Jean-Noël Jérôme Joël Julien Laurent Loïc Mathieu Maxime Michaël Nicolas Olivier "
                    "Pascal Pierre-Yves Raphaël Rémy Sébastien Stéphane Thierry Valentin Xavier Yannick".split()
                ),
            }
        ),
        "de": MappingProxyType(
            {
                "F": tuple(
                    "Andrea Anneliese Barbara Beatrice Bernadette Carmen Christine Claudia Doris Elfriede Eva Franziska "
                    "Gabriela Helga Irène Jacqueline Judith Karin Käthi Livia Manuela Marlène Martina Monika Nicole Nina "
                    "Petra Rahel Regula Romaine Sabine Sandra Silvia Sonja Ursula Yvonne".split()
                ),
                "M": tuple(
                    "Adrian Alex Andreas Anton Beat Benno Bernhard Christian Damian Daniel Diego Elmar Erwin Fabian Felix "
                    "Fredy Gerhard Hans-Peter Ivo Jörg Jürg Kilian Konrad Leander Manfred Marco Martin Moritz Norbert Pius "
                    "Reinhard Renato Roland Simon Thomas Urs Xaver".split()
                ),
            }
        ),
    }
)
"""By language and sex."""
