//! What the two invented laboratories measure, in which units, and against which ranges.
//!
//! Both laboratories are made up; the ranges are the usual ones of adult women, set a little apart
//! as those of real laboratories are.

/// How one laboratory prints a test.
#[derive(Clone, Copy)]
pub(super) struct Print {
    pub loinc: &'static str,
    /// As printed.
    pub unit: &'static str,
    pub ucum: &'static str,
    pub decimals: usize,
    pub low: &'static str,
    pub high: &'static str,
    /// From the model's unit: number × factor + shift.
    pub factor: f64,
    pub shift: f64,
    /// Below this it prints `<floor`.
    pub floor: Option<&'static str>,
    /// Above this it prints `>ceiling`.
    pub ceiling: Option<&'static str>,
}

/// A test of both laboratories.
pub(super) struct Assay {
    pub id: &'static str,
    pub name: &'static str,
    pub german: &'static str,
    /// Labor Nordhafen, in whose units the model reckons.
    pub nordhafen: Print,
    pub city: Print,
}

const fn p(
    loinc: &'static str,
    unit: &'static str,
    ucum: &'static str,
    decimals: usize,
    low: &'static str,
    high: &'static str,
) -> Print {
    Print { loinc, unit, ucum, decimals, low, high, factor: 1.0, shift: 0.0, floor: None, ceiling: None }
}

impl Print {
    const fn times(mut self, factor: f64) -> Self {
        self.factor = factor;
        self
    }
    const fn plus(mut self, shift: f64) -> Self {
        self.shift = shift;
        self
    }
    const fn floor(mut self, floor: &'static str) -> Self {
        self.floor = Some(floor);
        self
    }
    const fn ceiling(mut self, ceiling: &'static str) -> Self {
        self.ceiling = Some(ceiling);
        self
    }
}

const fn a(
    id: &'static str,
    name: &'static str,
    german: &'static str,
    nordhafen: Print,
    city: Print,
) -> Assay {
    Assay { id, name, german, nordhafen, city }
}

/// The test of that id.
pub(super) fn assay(id: &str) -> Option<&'static Assay> {
    ASSAYS.iter().find(|a| a.id == id)
}

const GFR: &str = "mL/min/{1.73_m2}";

#[rustfmt::skip]
static ASSAYS: [Assay; 68] = [
    a("hb", "Hemoglobin", "Hämoglobin", p("718-7", "g/dL", "g/dL", 1, "12.0", "15.5"), p("718-7", "g/L", "g/L", 0, "120", "152").times(10.0)),
    a("hct", "Hematocrit", "Hämatokrit", p("4544-3", "%", "%", 1, "35.5", "45.5"), p("4544-3", "%", "%", 1, "36.0", "46.0")),
    a("rbc", "Erythrocytes", "Erythrozyten", p("789-8", "/pL", "/pL", 2, "3.90", "5.20"), p("789-8", "10^12/L", "10*12/L", 2, "3.80", "5.10")),
    a("mcv", "MCV", "MCV", p("787-2", "fL", "fL", 1, "80.0", "96.0"), p("787-2", "fL", "fL", 1, "81.0", "99.0")),
    a("mch", "MCH", "MCH", p("785-6", "pg", "pg", 1, "27.0", "33.5"), p("785-6", "pg", "pg", 1, "27.0", "33.0")),
    a("mchc", "MCHC", "MCHC", p("786-4", "g/dL", "g/dL", 1, "31.5", "36.0"), p("786-4", "g/L", "g/L", 0, "320", "360").times(10.0)),
    a("rdw", "RDW-CV", "RDW-CV", p("788-0", "%", "%", 1, "11.5", "14.5"), p("788-0", "%", "%", 1, "11.0", "14.8")),
    a("plt", "Platelets", "Thrombozyten", p("777-3", "/nL", "/nL", 0, "150", "370"), p("777-3", "10^9/L", "10*9/L", 0, "150", "400")),
    a("wbc", "Leukocytes", "Leukozyten", p("6690-2", "/nL", "/nL", 1, "3.9", "10.2"), p("6690-2", "10^9/L", "10*9/L", 2, "4.00", "10.00")),
    a("neut", "Neutrophils (fraction)", "Neutrophile", p("770-8", "%", "%", 1, "42.0", "77.0"), p("770-8", "%", "%", 1, "40.0", "75.0")),
    a("lymph", "Lymphocytes (fraction)", "Lymphozyten", p("736-9", "%", "%", 1, "20.0", "44.0"), p("736-9", "%", "%", 1, "20.0", "45.0")),
    a("mono", "Monocytes (fraction)", "Monozyten", p("5905-5", "%", "%", 1, "2.0", "9.5"), p("5905-5", "%", "%", 1, "2.0", "10.0")),
    a("eos", "Eosinophils (fraction)", "Eosinophile", p("713-8", "%", "%", 1, "0.5", "5.5"), p("713-8", "%", "%", 1, "1.0", "6.0")),
    a("baso", "Basophils (fraction)", "Basophile", p("706-2", "%", "%", 1, "0.0", "1.8"), p("706-2", "%", "%", 1, "0.0", "2.0")),
    a("na", "Sodium", "Natrium", p("2951-2", "mmol/L", "mmol/L", 0, "136", "145"), p("2951-2", "mmol/L", "mmol/L", 0, "135", "145")),
    a("k", "Potassium", "Kalium", p("2823-3", "mmol/L", "mmol/L", 1, "3.5", "5.1"), p("2823-3", "mmol/L", "mmol/L", 1, "3.5", "5.0")),
    a("ca", "Calcium", "Calcium", p("2000-8", "mmol/L", "mmol/L", 2, "2.15", "2.50"), p("2000-8", "mmol/L", "mmol/L", 2, "2.20", "2.60")),
    a("crea", "Creatinine", "Kreatinin", p("2160-0", "mg/dL", "mg/dL", 2, "0.50", "0.90"), p("14682-9", "µmol/L", "umol/L", 0, "45", "84").times(88.402)),
    a("egfr", "eGFR (CKD-EPI 2021)", "eGFR (CKD-EPI)", p("98979-8", "mL/min/1.73 m²", GFR, 0, "90", ""), p("98979-8", "mL/min/1.73 m²", GFR, 0, "90", "").ceiling("90")),
    a("urea", "Urea", "Harnstoff", p("3091-6", "mg/dL", "mg/dL", 0, "17", "43"), p("22664-7", "mmol/L", "mmol/L", 1, "2.5", "6.7").times(0.16651)),
    a("ua", "Uric acid", "Harnsäure", p("3084-1", "mg/dL", "mg/dL", 1, "2.4", "5.7"), p("14933-6", "µmol/L", "umol/L", 0, "155", "357").times(59.485)),
    a("alt", "ALT", "GPT (ALAT)", p("1742-6", "U/L", "U/L", 0, "", "35"), p("1742-6", "U/L", "U/L", 0, "", "33")),
    a("ast", "AST", "GOT (ASAT)", p("1920-8", "U/L", "U/L", 0, "", "35"), p("1920-8", "U/L", "U/L", 0, "", "32")),
    a("ggt", "GGT", "Gamma-GT", p("2324-2", "U/L", "U/L", 0, "", "40"), p("2324-2", "U/L", "U/L", 0, "", "42")),
    a("alp", "Alkaline phosphatase", "Alkalische Phosphatase", p("6768-6", "U/L", "U/L", 0, "35", "105"), p("6768-6", "U/L", "U/L", 0, "30", "120")),
    a("bili", "Total bilirubin", "Bilirubin gesamt", p("1975-2", "mg/dL", "mg/dL", 2, "", "1.20"), p("14631-6", "µmol/L", "umol/L", 0, "", "21").times(17.104)),
    a("alb", "Albumin", "Albumin", p("1751-7", "g/dL", "g/dL", 1, "3.5", "5.2"), p("1751-7", "g/L", "g/L", 0, "35", "50").times(10.0)),
    a("tp", "Total protein", "Gesamteiweiß", p("2885-2", "g/dL", "g/dL", 1, "6.4", "8.3"), p("2885-2", "g/L", "g/L", 0, "60", "80").times(10.0)),
    a("crp", "C-reactive protein", "CRP", p("1988-5", "mg/L", "mg/L", 0, "", "5").floor("5"), p("1988-5", "mg/L", "mg/L", 1, "", "5.0").floor("0.6")),
    a("pct", "Procalcitonin", "Procalcitonin", p("33959-8", "ng/mL", "ng/mL", 2, "", "0.50").floor("0.05"), p("33959-8", "µg/L", "ug/L", 2, "", "0.10").floor("0.02")),
    a("tnt", "Troponin T", "Troponin T", p("6598-7", "µg/L", "ug/L", 2, "", "0.03").floor("0.01"), p("6598-7", "µg/L", "ug/L", 2, "", "0.03").floor("0.01")),
    a("glu", "Fasting glucose", "Glucose nüchtern", p("1558-6", "mg/dL", "mg/dL", 0, "70", "99"), p("14771-0", "mmol/L", "mmol/L", 1, "3.9", "5.6").times(0.055_507)),
    a("a1c", "HbA1c", "HbA1c", p("4548-4", "%", "%", 1, "4.0", "5.6"), p("59261-8", "mmol/mol", "mmol/mol", 0, "20", "38").times(10.931).plus(-23.524)),
    a("chol", "Total cholesterol", "Cholesterin gesamt", p("2093-3", "mg/dL", "mg/dL", 0, "", "200"), p("14647-2", "mmol/L", "mmol/L", 2, "", "5.20").times(0.025_863)),
    a("hdl", "HDL cholesterol", "HDL-Cholesterin", p("2085-9", "mg/dL", "mg/dL", 0, "45", ""), p("14646-4", "mmol/L", "mmol/L", 2, "1.20", "").times(0.025_863)),
    a("ldl", "LDL cholesterol", "LDL-Cholesterin", p("2089-1", "mg/dL", "mg/dL", 0, "", "130"), p("22748-8", "mmol/L", "mmol/L", 2, "", "3.00").times(0.025_863)),
    a("tg", "Triglycerides", "Triglyceride", p("2571-8", "mg/dL", "mg/dL", 0, "", "150"), p("14927-8", "mmol/L", "mmol/L", 2, "", "1.70").times(0.011_294)),
    a("lpa", "Lipoprotein(a)", "Lipoprotein(a)", p("43583-4", "nmol/L", "nmol/L", 0, "", "75"), p("43583-4", "nmol/L", "nmol/L", 0, "", "75")),
    a("fe", "Iron", "Eisen", p("2498-4", "µg/dL", "ug/dL", 0, "37", "145"), p("14798-3", "µmol/L", "umol/L", 1, "6.6", "26.0").times(0.179_07)),
    a("ferr", "Ferritin", "Ferritin", p("2276-4", "µg/L", "ug/L", 0, "15", "150"), p("2276-4", "ng/mL", "ng/mL", 1, "13.0", "150.0")),
    a("trf", "Transferrin", "Transferrin", p("3034-6", "mg/dL", "mg/dL", 0, "200", "360"), p("3034-6", "g/L", "g/L", 2, "2.00", "3.60").times(0.01)),
    a("tsat", "Transferrin saturation", "Transferrinsättigung", p("2502-3", "%", "%", 0, "16", "45"), p("2502-3", "%", "%", 0, "15", "45")),
    a("vitd", "25-OH vitamin D", "25-OH-Vitamin D", p("1989-3", "ng/mL", "ng/mL", 0, "20", "60"), p("14635-7", "nmol/L", "nmol/L", 0, "50", "150").times(2.496)),
    a("b12", "Vitamin B12", "Vitamin B12", p("2132-9", "pg/mL", "pg/mL", 0, "197", "771"), p("14685-2", "pmol/L", "pmol/L", 0, "145", "569").times(0.7378)),
    a("fol", "Folate", "Folsäure", p("2284-8", "ng/mL", "ng/mL", 1, "3.9", "26.8"), p("14732-2", "nmol/L", "nmol/L", 1, "8.8", "60.8").times(2.2655)),
    a("tsh", "TSH", "TSH basal", p("3016-3", "mU/L", "m[IU]/L", 2, "0.27", "4.20"), p("3016-3", "mIU/L", "m[IU]/L", 2, "0.40", "4.00")),
    a("ft4", "Free T4", "fT4", p("3024-7", "ng/dL", "ng/dL", 2, "0.93", "1.70"), p("14920-3", "pmol/L", "pmol/L", 1, "12.0", "22.0").times(12.872)),
    a("ft3", "Free T3", "fT3", p("3051-0", "pg/mL", "pg/mL", 2, "2.00", "4.40"), p("14928-6", "pmol/L", "pmol/L", 1, "3.1", "6.8").times(1.5362)),
    a("tpo", "Anti-TPO antibodies", "TPO-AK", p("8099-4", "IU/mL", "[IU]/mL", 0, "", "34").floor("9"), p("8099-4", "kIU/L", "k[IU]/L", 0, "", "60").floor("5")),
    a("tgab", "Anti-thyroglobulin antibodies", "Tg-AK", p("8098-6", "IU/mL", "[IU]/mL", 0, "", "115").floor("10"), p("8098-6", "kIU/L", "k[IU]/L", 0, "", "60").floor("5")),
    a("amh", "AMH", "AMH", p("38476-8", "ng/mL", "ng/mL", 2, "0.30", "5.50"), p("38476-8", "ng/mL", "ng/mL", 2, "0.20", "5.00")),
    a("fsh", "FSH", "FSH", p("15067-2", "IU/L", "[IU]/L", 1, "3.5", "12.5"), p("15067-2", "IU/L", "[IU]/L", 1, "3.0", "10.0")),
    a("lh", "LH", "LH", p("10501-5", "IU/L", "[IU]/L", 1, "2.4", "12.6"), p("10501-5", "IU/L", "[IU]/L", 1, "1.8", "11.8")),
    a("e2", "Estradiol", "Estradiol", p("2243-4", "pg/mL", "pg/mL", 0, "", ""), p("14715-7", "pmol/L", "pmol/L", 0, "", "").times(3.6713)),
    a("p4", "Progesterone", "Progesteron", p("2839-9", "ng/mL", "ng/mL", 2, "", ""), p("14890-8", "nmol/L", "nmol/L", 1, "", "").times(3.18)),
    a("prl", "Prolactin", "Prolaktin", p("15081-3", "mIU/L", "m[IU]/L", 0, "102", "496"), p("15081-3", "mIU/L", "m[IU]/L", 0, "90", "520")),
    a("testo", "Testosterone", "Testosteron", p("2986-8", "ng/dL", "ng/dL", 0, "8", "48"), p("14913-8", "nmol/L", "nmol/L", 2, "0.29", "1.67").times(0.034_67)),
    a("shbg", "SHBG", "SHBG", p("13967-5", "nmol/L", "nmol/L", 0, "32", "128"), p("13967-5", "nmol/L", "nmol/L", 0, "28", "122")),
    a("hcg", "hCG", "hCG", p("19080-1", "IU/L", "[IU]/L", 1, "", "5.0").floor("0.1"), p("19080-1", "IU/L", "[IU]/L", 1, "", "5.0").floor("1.0")),
    a("rub", "Rubella IgG", "Röteln-IgG", p("5334-8", "IU/mL", "[IU]/mL", 0, "10", ""), p("5334-8", "IU/mL", "[IU]/mL", 0, "10", "")),
    a("uph", "pH (urine)", "pH-Wert (Urin)", p("2756-5", "", "[pH]", 1, "4.8", "7.4"), p("2756-5", "", "[pH]", 1, "5.0", "7.5")),
    a("usg", "Specific gravity (urine)", "Spezifisches Gewicht (Urin)", p("2965-2", "", "{ratio}", 3, "1.005", "1.030"), p("2965-2", "", "{ratio}", 3, "1.003", "1.030")),
    a("uwbc", "Leukocytes (urine)", "Leukozyten (Urin)", p("30405-5", "/µL", "/uL", 0, "", "20").floor("10"), p("30405-5", "/µL", "/uL", 0, "", "25").floor("10")),
    a("unit", "Nitrite (urine, dip)", "Nitrit (Urin)", p("", "", "", 0, "", ""), p("", "", "", 0, "", "")),
    a("uglu", "Glucose (urine, dip)", "Glukose (Urin)", p("5792-7", "", "", 0, "", ""), p("5792-7", "", "", 0, "", "")),
    a("upro", "Protein (urine, dip)", "Eiweiß (Urin)", p("5804-0", "", "", 0, "", ""), p("5804-0", "", "", 0, "", "")),
    a("uket", "Ketones (urine, dip)", "Ketone (Urin)", p("5797-6", "", "", 0, "", ""), p("5797-6", "", "", 0, "", "")),
    a("ubil", "Bilirubin (urine, dip)", "Bilirubin (Urin)", p("20505-4", "", "", 0, "", ""), p("20505-4", "", "", 0, "", "")),
];
